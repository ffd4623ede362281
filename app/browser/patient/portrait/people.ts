/** Names of people and institutions as FHIR gives them (R4 datatypes.html#HumanName). */

import { every, fields, text, texts } from "./json";
import type { Held } from "./held";
import { target } from "./held";

const HAN = /\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}/u;

/** One name: as written, else put together; the family first where the script does so. Null without any. */
export function humanName(value: unknown): string | null {
  const names = every(value);
  const found = names.find((one) => one.use === "official") ?? names.find((one) => one.use !== "old") ?? names[0];
  if (found === undefined) return null;
  const written = text(found.text);
  if (written !== null) return written;
  const family = text(found.family);
  const given = texts(found.given);
  if (family === null) return given.length === 0 ? null : given.join(" ");
  if (given.length === 0) return family;
  if (HAN.test(family)) return `${family}${given.join("")}`;
  return [...texts(found.prefix), ...given, family, ...texts(found.suffix)].join(" ");
}

/** Whom or what a Reference means, in words: what it leads to inside the record, else what it says itself. */
export function named(reference: unknown, held: Held): string | null {
  const found = fields(reference);
  if (found === null) return null;
  const meant = target(found, held);
  if (meant !== null) {
    // A PractitionerRole has no name of its own.
    const name = typeof meant.name === "string" ? text(meant.name) : humanName(meant.name);
    const device = every(meant.deviceName).map((one) => text(one.name));
    const found = name ?? device.find((one) => one !== null) ?? named(meant.practitioner, held);
    if (found !== null) return found;
  }
  return text(found.display);
}

/** All that can be named, each once. */
export function allNamed(references: readonly unknown[], held: Held): readonly string[] {
  const found = references.map((one) => named(one, held)).filter((one): one is string => one !== null);
  return [...new Set(found)];
}

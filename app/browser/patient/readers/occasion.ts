/** One occasion on which somebody read, or asked: who, when, what, what for, by what right, and how it is proven. */

import type { Hex } from "../../layouts/bytes";
import { isolated } from "../../text/isolated";
import { readers as t } from "../../text/readers";
import { element } from "../../ui/dom";
import { short, time } from "../../ui/formats";
import { badge, facts, foldable, quiet, type Mood } from "../../ui/parts";
import type { Occasion } from "./occasions";
import { keeperWords, storyWords, whenWords, whoWords } from "./words";

/** So many hashes of one kind are shown; the exported file has them all. */
const MOST_SHOWN = 20;

const MOODS: Readonly<Record<Occasion["kind"], Mood>> = { access: "info", possible: "warning", refused: "info" };

const marks = ({ kind, reader }: Occasion): HTMLElement[] => [
  ...(reader.ground === "EMERGENCY" ? [badge(t().emergency, "danger")] : []),
  badge(t().badge[kind], MOODS[kind]),
];

export function occasionCard(one: Occasion, patient: Hex): HTMLElement {
  const proof = badge(t().proof[one.proven], one.proven === "on-chain" ? "good" : "warning");
  return element(
    "article",
    { class: "card", "data-kind": one.kind, "data-ground": one.reader.ground },
    element("header", {}, element("h3", {}, whoWords(one, patient)), element("span", { class: "badges" }, ...marks(one))),
    quiet(time(one.until, () => whenWords(one))),
    element("ul", { class: "words plain" }, ...storyWords(one).map((line) => element("li", {}, line))),
    element("p", {}, proof),
    foldable(t().details, details(one)),
  );
}

function details(one: Occasion): HTMLElement {
  const { reader } = one;
  const words = t().fields;
  const hash = (value: Hex | null): HTMLElement | null => (value === null ? null : short(value));
  return element(
    "div",
    {},
    quiet(keeperWords(one)),
    facts(
      [words.account, short(reader.actor)],
      [words.name, reader.person === null ? null : t().namedBy(isolated(reader.member ?? ""))],
      [words.practitioner, hash(reader.practitioner)],
      [words.episode, hash(reader.episode)],
      [words.consent, hash(reader.consentId)],
      [words.opening, hash(reader.openingId)],
      [words.mandate, hash(reader.mandateId)],
      [words.seats, reader.keepers.join(", ")],
      [words.records, several(one.records)],
      [words.requests, several(one.requests)],
    ),
  );
}

function several(values: readonly Hex[]): HTMLElement | null {
  if (values.length === 0) return null;
  const rest = values.length - MOST_SHOWN;
  const items = values.slice(0, MOST_SHOWN).map((value) => element("li", {}, short(value)));
  const more = rest > 0 ? [element("li", { class: "quiet" }, t().more(rest))] : [];
  return element("ul", { class: "plain" }, ...items, ...more);
}

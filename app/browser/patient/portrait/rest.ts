/** What no fact tells, element by element as the hospital wrote it: the patient's own record keeps nothing back. */

import { sourceOf } from "../../core/decimals";
import type { Held } from "./held";
import { fields, text, type Resource } from "./json";
import { named } from "./people";

export interface Rest {
  /** The element's path, as FHIR names it. */
  readonly path: string;
  readonly words: string;
}

/** More than a person reads; the FHIR export holds all of them. */
export const MOST = 200;
const DEEPEST = 12;

/** Of a resource: what a page says itself, or what says nothing to a person. */
const PASSED = new Set([
  "resourceType", "id", "meta", "text", "implicitRules", "subject", "patient", "encounter", "contained", "content", "data",
  "presentedForm", "photo",
]);
/** Further in: narratives and base64 are shown as such. */
const SHOWN_ELSEWHERE = new Set(["div", "data"]);

export function rest(one: Resource, told: ReadonlySet<string>, held: Held): readonly Rest[] {
  const made: Rest[] = [];
  for (const [key, value] of Object.entries(one)) if (!told.has(key) && !PASSED.has(key)) walk(sourceOf(one, key) ?? value, key, held, made, 0);
  return made;
}

function walk(value: unknown, path: string, held: Held, made: Rest[], depth: number): void {
  if (made.length >= MOST || depth > DEEPEST || value === null || value === undefined) return;
  if (Array.isArray(value)) {
    for (const one of value) walk(one, path, held, made, depth + 1);
    return;
  }
  const object = fields(value);
  if (object === null) {
    const words = text(String(value));
    if (words !== null) made.push({ path, words });
    return;
  }
  const reference = typeof object.reference === "string" ? named(object, held) : null;
  if (reference !== null) made.push({ path, words: reference });
  else if (typeof object.reference === "string" && object.reference.startsWith("urn:")) return;
  else for (const [key, each] of Object.entries(object)) if (!SHOWN_ELSEWHERE.has(key)) walk(sourceOf(object, key) ?? each, `${path}.${key}`, held, made, depth + 1);
}

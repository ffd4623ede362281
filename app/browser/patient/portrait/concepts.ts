/** What something is called: FHIR's CodeableConcept (R4 datatypes.html#CodeableConcept) as words and codes. */

import { every, fields, text } from "./json";

export interface Code {
  readonly system: string;
  readonly code: string;
  readonly display: string | null;
}

export interface Concept {
  /** As the hospital wrote it: its text, else a code's display, else the code itself. */
  readonly words: string;
  readonly codes: readonly Code[];
}

/** Null if neither words nor codes are there. A Coding that stands alone counts too. */
export function concept(value: unknown): Concept | null {
  const found = fields(value);
  if (found === null) return null;
  const codings = found.coding === undefined ? every(text(found.code) === null ? [] : found) : every(found.coding);
  const chosen = codings.find((one) => one.userSelected === true);
  const displays = [chosen, ...codings].map((one) => text(one?.display));
  const codes = codings.flatMap((one) => {
    const code = text(one.code);
    return code === null ? [] : [{ system: text(one.system) ?? "", code, display: text(one.display) }];
  });
  const words = text(found.text) ?? displays.find((one) => one != null) ?? codes[0]?.code ?? null;
  return words === null ? null : { words, codes };
}

/** The codes of the first coding system given, or of any. */
export function codeOf(value: unknown): string | null {
  return concept(value)?.codes[0]?.code ?? null;
}

/** What something without a name is; pages have words for it. Two of them are two things. */
export const UNNAMED: Concept = { words: "", codes: [] };

export const folded = (words: string): string => words.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ");

/**
 * Whether two names mean one thing: they share a code, or, where no coding system tells them apart, they are the same words.
 * Two codes of one system are two things, whatever they are called.
 */
export function sameThing(left: Concept, right: Concept): boolean {
  let told = false;
  for (const one of left.codes) {
    for (const other of right.codes) {
      if (one.system.toLowerCase() !== other.system.toLowerCase()) continue;
      if (one.code.toLowerCase() === other.code.toLowerCase()) return true;
      told = true;
    }
  }
  return !told && left.words !== "" && folded(left.words) === folded(right.words);
}

/** Things in groups of those that are one thing; looked up by code and words, as a life has thousands of them. */
export class Groups<Member> {
  readonly #all: Member[][] = [];
  readonly #byCode = new Map<string, Member[]>();
  readonly #byWords = new Map<string, { readonly name: Concept; readonly group: Member[] }[]>();

  get all(): readonly (readonly Member[])[] {
    return this.#all;
  }

  /** The group that the member now belongs to. */
  add(name: Concept, member: Member): readonly Member[] {
    const codes = name.codes.map(({ system, code }) => `${system} ${code}`.toLowerCase());
    const words = folded(name.words);
    const alike = this.#byWords.get(words) ?? [];
    const known = codes.map((code) => this.#byCode.get(code)).find((found) => found !== undefined);
    let group = known ?? alike.find((other) => sameThing(other.name, name))?.group;
    if (group === undefined) this.#all.push((group = []));
    group.push(member);
    for (const code of codes) if (!this.#byCode.has(code)) this.#byCode.set(code, group);
    if (!alike.some((other) => other.group === group && other.name.codes.length === name.codes.length)) {
      this.#byWords.set(words, [...alike, { name, group }]);
    }
    return group;
  }
}

export const hasCode = (found: Concept | null, system: string, codes: ReadonlySet<string>): boolean =>
  found?.codes.some((one) => one.system === system && codes.has(one.code)) ?? false;

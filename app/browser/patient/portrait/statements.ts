/** The same thing, said by several records: told once, with everybody who said it and whether they agree. */

import { Groups, type Concept } from "./concepts";
import { isSummary, type Held } from "./held";
import type { Resource } from "./json";
import { newestFirst, type When } from "./when";

/** Whether it holds now, as far as its author says. */
export type Standing = "current" | "past" | "ruled-out" | "unknown";

/** One record's word on one thing. */
export interface Said<Detail> {
  readonly hospital: string;
  readonly author: string;
  readonly recordId: string;
  readonly category: string;
  /** When it was said. */
  readonly when: When | null;
  readonly standing: Standing;
  /** Said by an emergency summary, which repeats the author's other records. */
  readonly repeated: boolean;
  readonly name: Concept;
  readonly detail: Detail;
}

/** One thing: `said` holds each record's word, the newest first; `differ` if hospitals disagree about whether it holds. */
export interface Statement<Detail> {
  readonly name: Concept;
  readonly standing: Standing;
  readonly differ: boolean;
  readonly newest: Said<Detail>;
  readonly said: readonly Said<Detail>[];
  readonly hospitals: readonly string[];
}

export function saidBy<Detail>(
  held: Held,
  name: Concept,
  parts: { readonly when: When | null; readonly standing: Standing; readonly detail: Detail },
): Said<Detail> {
  const { hospital, author, recordId, category } = held;
  return { hospital, author, recordId, category, repeated: category === "emergency" && isSummary(held), name, ...parts };
}

/** Groups what is said; groups that hold come first, then the newest. */
export function statements<Detail>(said: readonly Said<Detail>[]): readonly Statement<Detail>[] {
  // What is coded comes first, so that words alone find a group that has codes too.
  const ordered = [...said].sort((left, right) => right.name.codes.length - left.name.codes.length);
  const groups = new Groups<Said<Detail>>();
  for (const one of ordered) groups.add(one.name, one);
  return groups.all.map(statement).sort(byStanding);
}

function statement<Detail>(members: readonly Said<Detail>[]): Statement<Detail> {
  const said = [...members].sort(
    (left, right) => Number(left.repeated) - Number(right.repeated) || newestFirst(left.when, right.when),
  );
  const newest = said[0] as Said<Detail>;
  // Each hospital's last word; of a summary only where it is the only one.
  const words = new Map<string, Said<Detail>>();
  for (const one of said) if (!words.has(one.author)) words.set(one.author, one);
  const standings = new Set([...words.values()].map(({ standing }) => standing));
  standings.delete("unknown");
  return {
    name: newest.name,
    // A thing that any hospital still counts on is told as such: passing over one may harm.
    standing: standings.has("current") ? "current" : newest.standing,
    differ: standings.size > 1,
    newest,
    said,
    hospitals: [...new Set(said.map(({ hospital }) => hospital))],
  };
}

const RANK: Readonly<Record<Standing, number>> = { current: 0, unknown: 1, past: 2, "ruled-out": 3 };

function byStanding<Detail>(left: Statement<Detail>, right: Statement<Detail>): number {
  return (
    RANK[left.standing] - RANK[right.standing] ||
    newestFirst(left.newest.when, right.newest.when) ||
    left.name.words.localeCompare(right.name.words)
  );
}

/** All resources of a type in these records, with the record that holds each. */
export function ofType(records: readonly Held[], ...types: readonly string[]): readonly (readonly [Resource, Held])[] {
  return records.flatMap((held) =>
    held.resources.filter(({ resourceType }) => types.includes(resourceType)).map((one) => [one, held] as const),
  );
}

/** What a patient looks through: accesses that belong together, by whom and how often (W-58). No words and no DOM here. */

import type { Hex } from "../../layouts/bytes";
import type { Access } from "../../core/account";
import { CATEGORIES } from "../../layouts/words";

/** Requests of one reader for the same reason, with no longer pause between them; times from `at` to `until`. */
export interface Occasion {
  readonly kind: Access["kind"];
  readonly at: string;
  readonly until: string;
  readonly reader: Access;
  readonly requests: readonly Hex[];
  readonly records: readonly Hex[];
  readonly categories: readonly string[];
  readonly seeds: readonly string[];
  readonly reasons: readonly string[];
  /** How many keepers signed each request: the fewest. */
  readonly keepers: number;
  readonly threshold: number;
  readonly proven: Access["proven"];
}

const PAUSE_MILLISECONDS = 15 * 60 * 1000;

const story = (one: Access): string =>
  JSON.stringify([
    one.kind, one.actor, one.practitioner, one.member, one.purpose, one.ground, one.consentId, one.openingId, one.mandateId,
    one.episode,
  ]);

const known = (codes: Iterable<string>): string[] => {
  const all = new Set(codes);
  const first = CATEGORIES.filter((one) => all.delete(one));
  return [...first, ...all];
};

const each = <T>(all: readonly Access[], of: (one: Access) => readonly T[]): T[] => [...new Set(all.flatMap(of))];

function occasion(all: readonly [Access, ...Access[]]): Occasion {
  const [last] = all;
  const first = all.at(-1) ?? last;
  return {
    kind: last.kind,
    at: first.at,
    until: last.at,
    reader: last,
    requests: each(all, ({ request }) => [request]),
    records: each(all, ({ records }) => records),
    categories: known(each(all, ({ categories }) => categories)),
    seeds: known(each(all, ({ seeds }) => seeds)),
    reasons: each(all, ({ reasons }) => reasons),
    keepers: Math.min(...all.map(({ keepers }) => keepers.length)),
    threshold: Math.max(...all.map(({ threshold }) => threshold)),
    proven: all.every(({ proven }) => proven === "on-chain") ? "on-chain" : "signed",
  };
}

/** Newest first, as the accesses come. */
export function occasions(accesses: readonly Access[]): readonly Occasion[] {
  const open = new Map<string, [Access, ...Access[]]>();
  const found: [Access, ...Access[]][] = [];
  for (const one of accesses) {
    const key = story(one);
    const before = open.get(key);
    const pause = before === undefined ? Infinity : Date.parse((before.at(-1) ?? one).at) - Date.parse(one.at);
    if (before !== undefined && pause <= PAUSE_MILLISECONDS) {
      before.push(one);
    } else {
      const next: [Access, ...Access[]] = [one];
      open.set(key, next);
      found.push(next);
    }
  }
  return found.map(occasion);
}

export type Choice = "others" | "emergency" | "possible" | "refused" | "own" | "all";
export const CHOICES: readonly Choice[] = ["others", "emergency", "possible", "refused", "own", "all"];

/** `own`: the patient's side, the patient or somebody who acts for the patient. */
export function chosen(all: readonly Occasion[], choice: Choice, member: string | null): readonly Occasion[] {
  const fits: Readonly<Record<Choice, (one: Occasion) => boolean>> = {
    others: ({ reader, kind }) => reader.member !== null && kind !== "refused",
    emergency: ({ reader }) => reader.ground === "EMERGENCY",
    possible: ({ kind }) => kind === "possible",
    refused: ({ kind }) => kind === "refused",
    own: ({ reader }) => reader.member === null,
    all: () => true,
  };
  return all.filter((one) => fits[choice](one) && (member === null || one.reader.member === member));
}

export interface Visitor {
  readonly member: string;
  readonly times: number;
  /** ISO. */
  readonly last: string;
}

/** Institutions whose people read, or possibly did: the most recent first. */
export function visitors(all: readonly Occasion[]): readonly Visitor[] {
  const found = new Map<string, Visitor>();
  for (const { kind, reader, until } of all) {
    if (reader.member === null || kind === "refused") continue;
    const before = found.get(reader.member);
    const last = before === undefined || before.last < until ? until : before.last;
    found.set(reader.member, { member: reader.member, times: (before?.times ?? 0) + 1, last });
  }
  return [...found.values()].sort((one, other) => (one.last < other.last ? 1 : -1));
}

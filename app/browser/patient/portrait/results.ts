/** Results over time: each measurement that was made more than by accident becomes a line, whoever measured. */

import { codeOf, concept, folded, Groups, sameThing, UNNAMED, type Concept } from "./concepts";
import type { Held } from "./held";
import { every, fields, text, type Fields, type Resource } from "./json";
import { allNamed } from "./people";
import { comparable, inUnitOf, quantity, range, type Quantity, type Range } from "./quantities";
import { ofType } from "./statements";
import { firstOf, newestFirst, type When } from "./when";

export interface Seen {
  readonly hospital: string;
  readonly author: string;
  readonly recordId: string;
  readonly device: string | null;
}

/** One measurement: `values` by line, in the series' unit; null where there is no number, or one that lies beyond (`<5`). */
export interface Point {
  readonly when: When;
  readonly values: readonly (number | null)[];
  readonly written: readonly (Quantity | null)[];
  readonly ranges: readonly (Range | null)[];
  /** `H`, `L`, `A`, `N` … of R4's ObservationInterpretation, by line. */
  readonly marks: readonly (string | null)[];
  readonly preliminary: boolean;
  /** Everybody who says so; more than one if it came twice. */
  readonly seen: readonly Seen[];
}

export interface Series {
  readonly key: string;
  readonly name: Concept;
  /** More than one where a measurement has parts, as a blood pressure has two. */
  readonly lines: readonly Concept[];
  /** In whose unit all values are. */
  readonly like: Quantity;
  readonly category: string;
  /** The oldest first. */
  readonly points: readonly Point[];
}

interface Entry {
  readonly when: When | null;
  readonly words: Concept;
  readonly seen: readonly Seen[];
}

/** A result in words. */
export interface Finding {
  readonly name: Concept;
  readonly entries: readonly Entry[];
}

interface Part {
  readonly name: Concept;
  readonly quantity: Quantity;
  readonly range: Range | null;
  readonly mark: string | null;
}

interface Measured {
  readonly name: Concept;
  readonly when: When;
  readonly parts: readonly Part[];
  readonly category: string;
  readonly preliminary: boolean;
  readonly seen: Seen;
}

const GONE = new Set(["entered-in-error", "cancelled", "registered"]);

/** Numbers over time, the measurement with the newest value first. */
export function series(records: readonly Held[]): readonly Series[] {
  const kinds = new Groups<Measured>();
  for (const one of ofType(records, "Observation").flatMap(([each, held]) => measured(each, held))) kinds.add(one.name, one);
  const taken = new Map<string, number>();
  const own = (kind: string): string => {
    const before = taken.get(kind) ?? 0;
    taken.set(kind, before + 1);
    return before === 0 ? kind : `${kind} ${before}`; // nameless, or by a code that another kind's records use as well
  };
  return kinds.all
    .flatMap((members) => oneKind(own(kindOf(members)), members))
    .sort((left, right) => newestFirst(left.points.at(-1)?.when ?? null, right.points.at(-1)?.when ?? null));
}

/** By its codes, else by its words: what is opened later moves no chart to another's place. */
function kindOf(members: readonly Measured[]): string {
  const codes = members.flatMap(({ name }) => name.codes.map(({ system, code }) => `${system}|${code}`.toLowerCase())).sort();
  return codes[0] ?? folded(members[0]?.name.words ?? "");
}

/** What is measured in units that are not comparable, or has other parts, is told apart. */
function oneKind(kind: string, members: readonly Measured[]): readonly Series[] {
  const groups = new Map<string, Measured[]>();
  for (const one of members) {
    const parts = one.parts.length === 1 ? "" : one.parts.map(({ name }) => codeKey(name)).join(" ");
    const key = `${kind} ${parts} ${one.parts.map(({ quantity: found }) => comparable(found)).join(" ")}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups].map(([key, same]) => oneSeries(key, same));
}

const codeKey = ({ codes, words }: Concept): string => codes[0]?.code ?? words;

function measured(one: Resource, held: Held): readonly Measured[] {
  const at = firstOf(one.effectiveDateTime, one.effectiveInstant, one.effectivePeriod, one.issued, held.date);
  if (GONE.has(text(one.status) ?? "") || at === null) return [];
  const name = concept(one.code) ?? UNNAMED;
  const whole = part(one, name);
  const components = every(one.component ?? []).map((each) => part(each, concept(each.code) ?? UNNAMED));
  const parts = components.filter((each): each is Part => each !== null).sort(systolicFirst);
  const base = { when: at, category: held.category, preliminary: one.status === "preliminary", seen: seenBy(one, held) };
  const made: Measured[] = whole === null ? [] : [{ ...base, name, parts: [whole] }];
  // Parts share a chart only if they share a unit; else each is a measurement of its own.
  const units = new Set(parts.map(({ quantity: found }) => comparable(found)));
  if (units.size === 1) made.push({ ...base, name, parts });
  else made.push(...parts.map((each) => ({ ...base, name: each.name, parts: [each] })));
  return made;
}

/** LOINC: systolic before diastolic, whatever order they were sent in. */
const systolicFirst = (left: Part, right: Part): number => rank(left) - rank(right) || codeKey(left.name).localeCompare(codeKey(right.name));
const rank = ({ name }: Part): number => (codeKey(name) === "8480-6" ? 0 : 1);

function part(one: Fields, name: Concept): Part | null {
  const whole = typeof one.valueInteger === "number" ? { value: one.valueInteger } : one.valueQuantity;
  const found = quantity(whole);
  if (found === null) return null;
  return { name, quantity: found, range: range(one.referenceRange), mark: codeOf(every(one.interpretation)[0]) };
}

function seenBy(one: Resource, held: Held): Seen {
  const device = allNamed([one.device], held)[0] ?? null;
  return { hospital: held.hospital, author: held.author, recordId: held.recordId, device };
}

function oneSeries(key: string, members: readonly Measured[]): Series {
  const ordered = [...members].sort((left, right) => left.when.start - right.when.start);
  const newest = ordered.at(-1) as Measured;
  const like = usualUnit(ordered);
  // A map, as a monitor may write ten thousand values.
  const found = new Map<string, { readonly first: Point; readonly seen: Seen[] }>();
  for (const one of ordered) {
    const made = point(one, like);
    const name = sameness(made);
    const twin = found.get(name);
    if (twin === undefined) found.set(name, { first: made, seen: [...made.seen] });
    else twin.seen.push(...made.seen);
  }
  const points = [...found.values()].map(({ first, seen }): Point => ({ ...first, seen }));
  return { key, name: newest.name, lines: newest.parts.map(({ name }) => name), like, category: newest.category, points };
}

/** The unit that most values were written in, of those the newest: one hospital's pounds leave all others' kilograms. */
function usualUnit(ordered: readonly Measured[]): Quantity {
  const counts = new Map<string, { count: number; like: Quantity }>();
  for (const { parts } of ordered) {
    const like = (parts[0] as Part).quantity;
    const key = like.code ?? like.unit;
    counts.set(key, { count: (counts.get(key)?.count ?? 0) + 1, like });
  }
  // Entries stand in the order in which units came up: the last of the most frequent is the newest.
  return [...counts.values()].reduce((best, one) => (one.count >= best.count ? one : best)).like;
}

function point({ when, parts, preliminary, seen }: Measured, like: Quantity): Point {
  return {
    when,
    values: parts.map(({ quantity: found }) => (found.comparator === null ? inUnitOf(found, like) : null)),
    written: parts.map(({ quantity: found }) => found),
    ranges: parts.map((each) => each.range),
    marks: parts.map((each) => each.mark),
    preliminary,
    seen: [seen],
  };
}

/** At the same instant the same number: it came twice. */
const sameness = ({ when, values, written }: Point): string =>
  JSON.stringify([when.start, when.precision, values.map((value, at) => [written[at]?.comparator, value, value === null && written[at]?.value])]);

/** Results that are words, the newest first. */
export function findings(records: readonly Held[]): readonly Finding[] {
  const groups = new Groups<Entry & { readonly name: Concept }>();
  for (const [one, held] of ofType(records, "Observation")) {
    if (GONE.has(text(one.status) ?? "")) continue;
    const at = firstOf(one.effectiveDateTime, one.effectivePeriod, one.issued, held.date);
    for (const each of [one, ...every(one.component ?? [])]) {
      const [name, words] = [concept(each.code) ?? UNNAMED, inWords(each)];
      if (words !== null) groups.add(name, { name, when: at, words, seen: [seenBy(one, held)] });
    }
  }
  return groups.all
    .map((members) => ({ name: (members[0] as { name: Concept }).name, entries: distinct(members) }))
    .sort((left, right) => newestFirst(left.entries[0]?.when ?? null, right.entries[0]?.when ?? null));
}

/** The newest first; what came twice once. */
function distinct(entries: readonly Entry[]): readonly Entry[] {
  const made: Entry[] = [];
  for (const one of [...entries].sort((left, right) => newestFirst(left.when, right.when))) {
    const last = made.at(-1);
    const same = last !== undefined && last.when?.start === one.when?.start && sameThing(last.words, one.words);
    if (same) made[made.length - 1] = { ...last, seen: [...last.seen, ...one.seen] };
    else made.push({ when: one.when, words: one.words, seen: one.seen });
  }
  return made;
}

function inWords(one: Fields): Concept | null {
  const coded = concept(fields(one.valueCodeableConcept));
  if (coded !== null) return coded;
  const words = text(one.valueString) ?? (typeof one.valueBoolean === "boolean" ? String(one.valueBoolean) : null);
  return words === null ? null : { words, codes: [] };
}

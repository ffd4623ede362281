/** What was done, and what is carried: vaccinations, procedures, devices, people to call. */

import { concept, UNNAMED, type Concept } from "./concepts";
import { isError } from "./conditions";
import type { Held } from "./held";
import { every, text, type Resource } from "./json";
import { humanName } from "./people";
import { ofType, saidBy, statements, type Said, type Statement } from "./statements";
import { firstOf, newestFirst, when, type When } from "./when";

/** Something that happened once; `seen` are the hospitals whose records say so. */
export interface Event {
  readonly name: Concept;
  readonly when: When | null;
  readonly hospitals: readonly string[];
  readonly records: readonly string[];
}

export interface Contact {
  readonly name: string | null;
  readonly relations: readonly Concept[];
  readonly reach: readonly string[];
  readonly hospital: string;
}

export interface About {
  readonly gender: string | null;
  readonly born: When | null;
  readonly died: When | null;
  /** Hospitals disagree on one of them. */
  readonly differ: boolean;
}

const NOT_DONE = new Set(["not-done", "entered-in-error", "preparation", "cancelled"]);

export const vaccinations = (records: readonly Held[]): readonly Event[] =>
  events(ofType(records, "Immunization"), (one) => concept(one.vaccineCode) ?? UNNAMED, ["occurrenceDateTime", "recorded"]);

export const procedures = (records: readonly Held[]): readonly Event[] =>
  events(ofType(records, "Procedure"), (one) => concept(one.code) ?? UNNAMED, ["performedDateTime", "performedPeriod"]);

function events(
  found: readonly (readonly [Resource, Held])[],
  name: (one: Resource) => Concept,
  dates: readonly string[],
): readonly Event[] {
  const made: Event[] = [];
  const said = statements(
    found
      .filter(([one]) => !NOT_DONE.has(text(one.status) ?? ""))
      .map(([one, held]) => saidBy(held, name(one), { when: firstOf(...dates.map((key) => one[key])), standing: "unknown", detail: null })),
  );
  for (const { said: words } of said) {
    const days = new Map<string, Said<null>[]>();
    for (const one of words) {
      // What is said without a day is told by itself: it may be any of the others, or none.
      const day = one.when?.text.slice(0, 10) ?? "";
      days.set(day, [...(days.get(day) ?? []), one]);
    }
    for (const same of days.values()) {
      const first = same[0] as Said<null>;
      made.push({
        name: first.name,
        when: first.when,
        hospitals: [...new Set(same.map(({ hospital }) => hospital))],
        records: [...new Set(same.map(({ recordId }) => recordId))],
      });
    }
  }
  return made.sort((left, right) => newestFirst(left.when, right.when));
}

/** Devices in use, once each. */
export function devices(records: readonly Held[]): readonly Statement<null>[] {
  const found = ofType(records, "Device").filter(([one]) => !isError(one) && one.patient !== undefined);
  return statements(
    found.map(([one, held]) => {
      const given = every(one.deviceName).map(({ name }) => text(name)).find((words) => words !== null);
      const name = given === undefined || given === null ? concept(one.type) : { words: given, codes: concept(one.type)?.codes ?? [] };
      const standing = one.status === "inactive" ? "past" : one.status === "active" ? "current" : "unknown";
      return saidBy(held, name ?? UNNAMED, { when: firstOf(held.date), standing, detail: null });
    }),
  );
}

export function contacts(records: readonly Held[]): readonly Contact[] {
  const made = ofType(records, "RelatedPerson").filter(([one]) => one.active !== false).map(([one, { hospital }]) => ({
    name: humanName(one.name),
    relations: every(one.relationship).map(concept).filter((found): found is Concept => found !== null),
    reach: every(one.telecom).map(({ value }) => text(value)).filter((words): words is string => words !== null),
    hospital,
  }));
  return made.filter((one, at) => made.findIndex((other) => other.name === one.name && other.reach.join() === one.reach.join()) === at);
}

/** Sex, birth date and death, by the newest record that says them. */
export function about(records: readonly Held[]): About {
  const said = ofType([...records].sort((left, right) => right.date.localeCompare(left.date)), "Patient").map(([one]) => one);
  const values = (key: string): readonly string[] => said.map((one) => text(one[key])).filter((found): found is string => found !== null);
  const [genders, births, deaths] = [values("gender"), values("birthDate"), values("deceasedDateTime")];
  return {
    gender: genders[0] ?? null,
    born: when(births[0]),
    died: when(deaths[0]),
    differ: [genders, births, deaths].some((found) => new Set(found).size > 1),
  };
}

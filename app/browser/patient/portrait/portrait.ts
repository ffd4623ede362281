/** A person's health in one view, from the records of all hospitals. Pure: no words of a page's language, no clock. */

import { allergies, conditions, type AllergyDetail, type ConditionDetail } from "./conditions";
import { about, contacts, devices, procedures, vaccinations, type About, type Contact, type Event } from "./events";
import type { Held } from "./held";
import { medicines, type MedicineDetail } from "./medicines";
import { findings, series, type Finding, type Series } from "./results";
import type { Statement } from "./statements";
import { occasions, type Occasion } from "./visits";

export interface Portrait {
  readonly about: About;
  readonly allergies: readonly Statement<AllergyDetail>[];
  readonly conditions: readonly Statement<ConditionDetail>[];
  readonly medicines: readonly Statement<MedicineDetail>[];
  readonly series: readonly Series[];
  readonly findings: readonly Finding[];
  readonly vaccinations: readonly Event[];
  readonly procedures: readonly Event[];
  readonly devices: readonly Statement<null>[];
  readonly contacts: readonly Contact[];
  readonly occasions: readonly Occasion[];
  readonly hospitals: readonly { readonly author: string; readonly name: string; readonly records: number }[];
  readonly records: number;
}

/** `now` in milliseconds: a medicine whose time is over is told as past. */
export function portrait(records: readonly Held[], now: number): Portrait {
  return {
    about: about(records),
    allergies: allergies(records),
    conditions: conditions(records),
    medicines: medicines(records, now),
    series: series(records),
    findings: findings(records),
    vaccinations: vaccinations(records),
    procedures: procedures(records),
    devices: devices(records),
    contacts: contacts(records),
    occasions: occasions(records),
    hospitals: hospitals(records),
    records: records.length,
  };
}

function hospitals(records: readonly Held[]): Portrait["hospitals"] {
  const found = new Map<string, { author: string; name: string; records: number }>();
  for (const { author, hospital } of records) {
    const before = found.get(author);
    found.set(author, { author, name: hospital, records: (before?.records ?? 0) + 1 });
  }
  return [...found.values()].sort((left, right) => right.records - left.records || left.name.localeCompare(right.name));
}

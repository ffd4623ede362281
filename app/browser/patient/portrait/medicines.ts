/** Medicines: prescriptions and what patients take, by whoever wrote it down. */

import { concept, UNNAMED, type Concept } from "./concepts";
import { isError, notesOf } from "./conditions";
import { target, type Held } from "./held";
import { every, fields, number, text, type Fields, type Resource } from "./json";
import { named } from "./people";
import { quantity, type Quantity } from "./quantities";
import { ofType, saidBy, statements, type Said, type Standing, type Statement } from "./statements";
import { firstOf, span, type Span } from "./when";

/** How to take it: in the prescriber's words, else in parts that a page puts into words. */
export interface Dosage {
  readonly words: string | null;
  readonly dose: Quantity | null;
  /** So many times in a period of so many units (`d`, `wk` …, R4 UnitsOfTime). */
  readonly times: number | null;
  readonly every: number | null;
  readonly unit: string | null;
  readonly route: Concept | null;
  readonly asNeeded: boolean;
}

export interface MedicineDetail {
  /** `prescribed` by somebody, or `taken` as somebody was told. */
  readonly kind: "prescribed" | "taken";
  readonly dosages: readonly Dosage[];
  readonly by: string | null;
  readonly period: Span | null;
  readonly reasons: readonly Concept[];
  readonly status: string | null;
  readonly notes: readonly string[];
}

const CURRENT = new Set(["active", "on-hold", "intended"]);
const PAST = new Set(["completed", "stopped", "cancelled", "not-taken", "ended"]);

function standing(one: Resource, period: Span | null, now: number): Standing {
  const status = text(one.status) ?? "";
  if (PAST.has(status)) return "past";
  // Authors seldom close a prescription whose time is over.
  if (period?.until && period.until.end <= now) return "past";
  return CURRENT.has(status) ? "current" : "unknown";
}

export function medicines(records: readonly Held[], now: number): readonly Statement<MedicineDetail>[] {
  const found = ofType(records, "MedicationRequest", "MedicationStatement")
    // A proposal or plan that nobody ordered is no medicine that somebody takes.
    .filter(([one]) => !isError(one) && one.status !== "draft" && one.intent !== "proposal" && one.doNotPerform !== true);
  return statements(found.map(([one, held]) => medicine(one, held, now)));
}

/** What a resource says is given, by words or by a reference to a product. */
export function product(one: Resource, held: Held): Concept | null {
  const reference = fields(one.medicationReference);
  const meant = reference === null ? null : target(reference, held, one);
  const shown = text(reference?.display);
  return concept(one.medicationCodeableConcept) ?? concept(meant?.code) ?? (shown === null ? null : { words: shown, codes: [] });
}

function medicine(one: Resource, held: Held, now: number): Said<MedicineDetail> {
  const prescribed = one.resourceType === "MedicationRequest";
  const supply = span(fields(one.dispenseRequest)?.validityPeriod);
  const period = prescribed ? bounds(one) ?? supply : span(one.effectivePeriod);
  return saidBy(held, product(one, held) ?? UNNAMED, {
    when: firstOf(one.authoredOn, one.dateAsserted, one.effectiveDateTime, held.date),
    standing: standing(one, prescribed ? bounds(one) : period, now),
    detail: {
      kind: prescribed ? "prescribed" : "taken",
      dosages: every(prescribed ? one.dosageInstruction : one.dosage).map(dosage),
      by: named(prescribed ? one.requester : one.informationSource, held),
      period,
      reasons: every(one.reasonCode).map(concept).filter((found): found is Concept => found !== null),
      status: text(one.status),
      notes: notesOf(one),
    },
  });
}

/** From when until when the dosages hold, if any says so. */
function bounds(one: Resource): Span | null {
  for (const each of every(one.dosageInstruction)) {
    const found = span(fields(fields(each.timing)?.repeat)?.boundsPeriod);
    if (found !== null) return found;
  }
  return null;
}

export function dosage(value: Fields): Dosage {
  const repeat = fields(fields(value.timing)?.repeat);
  const rate = every(value.doseAndRate)[0];
  return {
    words: text(value.patientInstruction) ?? text(value.text) ?? concept(fields(value.timing)?.code)?.words ?? null,
    dose: quantity(rate?.doseQuantity),
    times: number(repeat?.frequency),
    every: number(repeat?.period),
    unit: text(repeat?.periodUnit),
    route: concept(value.route),
    asNeeded: value.asNeededBoolean === true || value.asNeededCodeableConcept !== undefined,
  };
}

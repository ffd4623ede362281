/** When the patient was where: visits, and what a hospital noted without one, as one timeline over all hospitals. */

import { concept, type Concept } from "./concepts";
import type { Held } from "./held";
import { every, fields, text, type Resource } from "./json";
import { allNamed } from "./people";
import { isError } from "./conditions";
import { newestFirst, span, when, type Span, type When } from "./when";

export interface Visit {
  readonly period: Span | null;
  /** HL7 v3 ActCode: AMB, EMER, IMP, HH, VR … */
  readonly kind: string | null;
  readonly status: string | null;
  readonly name: Concept | null;
  readonly service: Concept | null;
  readonly reasons: readonly Concept[];
  readonly people: readonly string[];
}

/** A day at a hospital, or a visit there: what was recorded then, by category. */
export interface Occasion {
  readonly author: string;
  readonly hospital: string;
  readonly when: When | null;
  readonly visit: Visit | null;
  /** Record ids by category. */
  readonly records: readonly { readonly category: string; readonly ids: readonly string[] }[];
}

/** All occasions, the newest first. Records of one visit share its start as their date. */
export function occasions(records: readonly Held[]): readonly Occasion[] {
  const made: Occasion[] = [];
  const groups = new Map<string, Held[]>();
  for (const one of records) {
    // A summary or a consent happened at no time of its own.
    if (one.category === "emergency" || one.category === "consent") continue;
    const key = `${one.author} ${one.date}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  for (const members of groups.values()) {
    const first = members[0] as Held;
    const visits = distinct(members.flatMap((held) => encounters(held)));
    const base = { author: first.author, hospital: first.hospital, when: when(first.date), records: byCategory(members) };
    const [only, ...others] = visits;
    made.push({ ...base, when: only?.period?.from ?? base.when, visit: only ?? null });
    for (const visit of others) made.push({ ...base, when: visit.period?.from ?? base.when, visit, records: [] });
  }
  return sameDay(made).sort((left, right) => newestFirst(left.when, right.when));
}

/** What was noted on one day without a visit is told together. */
function sameDay(found: readonly Occasion[]): Occasion[] {
  const made: Occasion[] = [];
  const days = new Map<string, number>();
  for (const one of found) {
    const day = one.when === null ? "" : new Date(one.when.start).toISOString().slice(0, 10);
    const key = `${one.author} ${day}`;
    const at = one.visit === null ? days.get(key) : undefined;
    const before = at === undefined ? undefined : made[at];
    if (at !== undefined && before !== undefined) made[at] = { ...before, records: joined(before.records, one.records) };
    else {
      if (one.visit === null) days.set(key, made.length);
      made.push(one);
    }
  }
  return made;
}

function joined(left: Occasion["records"], right: Occasion["records"]): Occasion["records"] {
  const ids = new Map(left.map(({ category, ids }) => [category, ids]));
  for (const one of right) ids.set(one.category, [...(ids.get(one.category) ?? []), ...one.ids]);
  return [...ids].map(([category, found]) => ({ category, ids: found }));
}

function byCategory(members: readonly Held[]): Occasion["records"] {
  return joined([], members.map(({ category, recordId }) => ({ category, ids: [recordId] })));
}

function encounters(held: Held): readonly Visit[] {
  return held.resources
    .filter((one) => one.resourceType === "Encounter" && !isError(one) && one.status !== "cancelled" && one.status !== "planned")
    .map((one) => visit(one, held));
}

export function visit(one: Resource, held: Held): Visit {
  return {
    period: span(one.period),
    kind: text(fields(one.class)?.code),
    status: text(one.status),
    name: concept(every(one.type)[0]),
    service: concept(one.serviceType),
    reasons: every(one.reasonCode).map(concept).filter((found): found is Concept => found !== null),
    people: allNamed(every(one.participant).map(({ individual }) => individual), held),
  };
}

/** The same visit may stand in several records of its hospital. */
function distinct(visits: readonly Visit[]): readonly Visit[] {
  const seen = new Set<string>();
  return visits.filter((one) => {
    const key = JSON.stringify([one.period, one.kind, one.name, one.service]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

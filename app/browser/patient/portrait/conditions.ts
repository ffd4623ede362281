/** Conditions and allergies: what a patient has, had, or turned out not to have. */

import { codeOf, concept, hasCode, UNNAMED, type Concept } from "./concepts";
import type { Held } from "./held";
import { every, text, texts, type Resource } from "./json";
import { ofType, saidBy, statements, type Said, type Standing, type Statement } from "./statements";
import { firstOf, newestFirst, type When } from "./when";

export interface ConditionDetail {
  readonly began: When | null;
  readonly ended: When | null;
  readonly severity: Concept | null;
  /** `confirmed`, `provisional`, `differential`, `unconfirmed`. */
  readonly certainty: string | null;
  readonly notes: readonly string[];
}

export interface AllergyDetail {
  readonly began: When | null;
  /** `low`, `high`, `unable-to-assess`. */
  readonly criticality: string | null;
  /** `food`, `medication`, `environment`, `biologic`. */
  readonly kinds: readonly string[];
  readonly reactions: readonly Reaction[];
  /** It says that there is none. */
  readonly none: boolean;
  readonly notes: readonly string[];
}

export interface Reaction {
  readonly manifestations: readonly Concept[];
  /** `mild`, `moderate`, `severe`. */
  readonly severity: string | null;
}

const HOLDS = new Set(["active", "recurrence", "relapse"]);
const OVER = new Set(["inactive", "remission", "resolved"]);

/** SNOMED CT: no known allergy, of any kind, to a drug, to food. */
const NONE = new Set(["716186003", "409137002", "429625007", "428607008"]);
const SNOMED = "http://snomed.info/sct";

export const notesOf = (one: Resource): readonly string[] =>
  every(one.note).map(({ text: words }) => text(words)).filter((words): words is string => words !== null);

/** What was entered in error was never so. */
export const isError = (one: Resource): boolean =>
  one.status === "entered-in-error" || codeOf(one.verificationStatus) === "entered-in-error";

function standing(one: Resource, over: boolean): Standing {
  if (codeOf(one.verificationStatus) === "refuted") return "ruled-out";
  const status = codeOf(one.clinicalStatus);
  if (status !== null && HOLDS.has(status)) return "current";
  if (over || (status !== null && OVER.has(status))) return "past";
  return "unknown";
}

export function conditions(records: readonly Held[]): readonly Statement<ConditionDetail>[] {
  return statements(ofType(records, "Condition").filter(([one]) => !isError(one)).map(([one, held]) => condition(one, held)));
}

function condition(one: Resource, held: Held): Said<ConditionDetail> {
  const began = firstOf(one.onsetDateTime, one.onsetPeriod);
  const ended = firstOf(one.abatementDateTime, one.abatementPeriod);
  const over = ended !== null || one.abatementString !== undefined || one.abatementAge !== undefined;
  return saidBy(held, concept(one.code) ?? UNNAMED, {
    when: firstOf(one.recordedDate, held.date),
    standing: standing(one, over),
    detail: {
      began,
      ended,
      severity: concept(one.severity),
      certainty: codeOf(one.verificationStatus),
      notes: notesOf(one),
    },
  });
}

export function allergies(records: readonly Held[]): readonly Statement<AllergyDetail>[] {
  const said = ofType(records, "AllergyIntolerance").filter(([one]) => !isError(one)).map(([one, held]) => allergy(one, held));
  return [...statements(said)].sort(worstFirst);
}

function allergy(one: Resource, held: Held): Said<AllergyDetail> {
  const reactions = every(one.reaction);
  const substance = reactions.map(({ substance }) => concept(substance)).find((found) => found !== null);
  const name = concept(one.code) ?? substance ?? UNNAMED;
  return saidBy(held, name, {
    when: firstOf(one.recordedDate, one.lastOccurrence, held.date),
    standing: standing(one, false),
    detail: {
      began: firstOf(one.onsetDateTime, one.onsetPeriod),
      criticality: text(one.criticality),
      kinds: texts(one.category),
      reactions: reactions.map((each) => ({
        manifestations: every(each.manifestation).map(concept).filter((found): found is Concept => found !== null),
        severity: text(each.severity),
      })),
      none: hasCode(name, SNOMED, NONE),
      notes: [...notesOf(one), ...reactions.flatMap((each) => notesOf(each as Resource))],
    },
  });
}

/** Whether anybody who counts on it says that it may be dangerous; a later word that says nothing of risk takes nothing back. */
export const isDangerous = ({ standing, said }: Statement<AllergyDetail>): boolean =>
  standing !== "past" && standing !== "ruled-out" && said.some(({ detail }) => detail.criticality === "high");

/** What anybody saw happen, the newest first, once each. */
export function reactionsOf({ said }: Statement<AllergyDetail>): readonly Reaction[] {
  const seen = new Map(said.flatMap(({ detail }) => detail.reactions).map((one) => [JSON.stringify(one), one]));
  return [...seen.values()];
}

function worstFirst(left: Statement<AllergyDetail>, right: Statement<AllergyDetail>): number {
  const rank = (one: Statement<AllergyDetail>): number =>
    one.standing === "past" || one.standing === "ruled-out" ? 2 : isDangerous(one) ? 0 : 1;
  return rank(left) - rank(right) || newestFirst(left.newest.when, right.newest.when);
}


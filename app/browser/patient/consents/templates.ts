/** What the form begins with, by template. Patients change what they like; nothing is decided here. */

import type { Consent, Terms } from "../../layouts/terms";
import type { Template } from "../../text/drafts";

/** What the form begins with or ends with. `until` is a day, YYYY-MM-DD; `dataFrom` a time to the second, or empty. */
export interface Choice {
  /** Address of the recipient, or empty: for the patient to choose. */
  readonly recipient: string;
  readonly roles: readonly string[];
  readonly purposes: readonly string[];
  readonly categories: readonly string[];
  readonly grade: string;
  readonly dataFrom: string;
  readonly authors: readonly string[];
  readonly uses: number;
  readonly until: string;
  /** When a consent that is changed begins, if that is still to come; empty: at once. */
  readonly validFrom: string;
}

export const ORDINARY: readonly string[] = [
  "visit", "laboratory", "vitals", "imaging", "medication", "allergy", "problem", "procedure", "immunization", "device",
  "document", "care-plan", "billing", "emergency",
];
export const SENSITIVE: readonly string[] = ["psychiatry", "substance", "sexual-health", "hiv", "violence", "genetics"];

/** With the hospital's systems, which read for a person whom they name. */
const CLINICIANS = ["attending", "resident", "nurse", "pharmacist", "laboratory", "therapist", "system"];
const CLINICAL = ORDINARY.filter((one) => one !== "billing");
const MONTH = 30;
const YEAR = 365;

/** Templates with a form of their own. */
export const FORMS = ["treatment", "opinion", "emergency", "insurance", "research"] as const satisfies readonly Template[];
export type Form = (typeof FORMS)[number];

export const isForm = (part: string | null): part is Form => (FORMS as readonly (string | null)[]).includes(part);

const TREATING = ["hospital", "clinic", "practice"];
/** How the names of kinds begin whom a template is meant for (kinds are each network's own short words). */
const MEANT_FOR: Readonly<Record<Form, readonly string[]>> = {
  treatment: [...TREATING, "laboratory", "pharmacy"],
  opinion: TREATING,
  emergency: TREATING,
  insurance: ["insur"],
  research: ["research", "university"],
};

/** A consent that is changed may go to whoever has it. */
export const fits = (template: Template, kind: string): boolean =>
  !isForm(template) || MEANT_FOR[template].some((begins) => kind.toLowerCase().startsWith(begins));

const DAY_MILLISECONDS = 86_400_000;
export const DAY_CHARACTERS = "YYYY-MM-DD".length;

/** The day so many days from now, as the patient's own calendar has it. */
export const dayAfter = (days: number): string => dayOf(new Date(Date.now() + days * DAY_MILLISECONDS));

function dayOf(then: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())}`;
}

const blank = { recipient: "", grade: "N", dataFrom: "", authors: ["any"], uses: 0, validFrom: "" } as const;

/** Whether something that the form folds away is not as most consents have it. */
export const hasMore = ({ grade, dataFrom, authors, uses }: Choice): boolean =>
  grade !== blank.grade || dataFrom !== blank.dataFrom || authors.join() !== blank.authors.join() || uses !== blank.uses;

/** From when on, once the field shows `day`: a day that is left as it was keeps its exact time, else more would be given. */
export function dataFromOf(day: string, before: string): string {
  if (day === "" || day === before.slice(0, DAY_CHARACTERS)) return day === "" ? "" : before;
  return `${day}T00:00:00Z`;
}

export function begun(form: Form, here: string): Choice {
  switch (form) {
    case "treatment":
      return {
        ...blank, recipient: here, roles: CLINICIANS, purposes: ["TREAT"], categories: CLINICAL, until: dayAfter(YEAR),
      };
    case "opinion":
      return {
        ...blank, roles: ["attending"], purposes: ["TREAT"], until: dayAfter(MONTH),
        categories: ["laboratory", "imaging", "medication", "allergy", "problem", "procedure", "document"],
      };
    case "emergency":
      return {
        ...blank, roles: ["any"], purposes: ["TREAT", "ETREAT"], categories: ["emergency"], grade: "R", until: dayAfter(YEAR),
      };
    case "insurance":
      return {
        ...blank, roles: ["claims"], purposes: ["HPAYMT", "CLMATTCH"], categories: ["visit", "billing"], until: dayAfter(MONTH),
      };
    case "research":
      return {
        ...blank, roles: ["researcher"], purposes: ["HRESCH"], categories: ["laboratory", "vitals", "problem"],
        until: dayAfter(YEAR),
      };
  }
}

/** A consent that is there already, to be changed; null for one that this form cannot show whole. */
export function fromConsent({ terms, validFrom, validUntil }: Consent): Choice | null {
  const [one, ...others] = terms.provisions;
  if (one === undefined || others.length > 0 || one.dataUntil !== "any" || one.records[0] !== "any") return null;
  return {
    recipient: terms.recipient,
    roles: terms.roles,
    purposes: one.purposes,
    categories: one.categories,
    grade: one.confidentiality,
    dataFrom: one.dataFrom === "any" ? "" : one.dataFrom,
    authors: one.authors,
    uses: terms.maxUses,
    until: dayOf(new Date(validUntil)), // today or past, the form asks for another: it prolongs nothing by itself
    validFrom,
  };
}

type Window = Pick<Consent, "validFrom" | "validUntil">;

const iso = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

/** `now`: seconds, of the chain. Begins at once, or when the consent that is changed would; ends when the chosen day begins where the patient is. */
export function windowOf({ until, validFrom }: Pick<Choice, "until" | "validFrom">, now: number): Window {
  const [year = 0, month = 1, day = 1] = until.split("-").map(Number);
  const soonest = iso(new Date((now - 60) * 1000));
  return { validFrom: validFrom > soonest ? validFrom : soonest, validUntil: iso(new Date(year, month - 1, day)) };
}

export function termsOf(choice: Choice): Pick<Terms, "roles" | "provisions" | "maxUses"> {
  return {
    roles: choice.roles,
    provisions: [
      {
        purposes: choice.purposes,
        categories: choice.categories,
        confidentiality: choice.grade,
        dataFrom: choice.dataFrom === "" ? "any" : choice.dataFrom,
        dataUntil: "any",
        authors: choice.authors,
        records: ["any"],
      },
    ],
    maxUses: choice.uses,
  };
}

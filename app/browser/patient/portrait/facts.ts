/**
 * A resource in words: what it is called, when it was, and what it says, element by element. The names of facts and the words
 * of closed lists are a page's (text modules); whatever no fact tells is in `rest`, so that nothing is kept from the patient.
 */

import { codeOf, concept, type Concept } from "./concepts";
import { isError, notesOf } from "./conditions";
import type { Held } from "./held";
import { every, fields, number, text, texts, type Fields, type Resource } from "./json";
import { dosage, product, type Dosage } from "./medicines";
import { allNamed } from "./people";
import { quantity, range, type Quantity, type Range } from "./quantities";
import { rest, type Rest } from "./rest";
import { firstOf, span, when, type Span, type When } from "./when";

export type Value =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "concept"; readonly concept: Concept }
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "when"; readonly when: When }
  | { readonly kind: "span"; readonly span: Span }
  | { readonly kind: "quantity"; readonly quantity: Quantity }
  | { readonly kind: "range"; readonly range: Range }
  | { readonly kind: "dosage"; readonly dosage: Dosage };

/** In the order in which they are told. */
export const FACTS = [
  "value", "interpretation", "reference-range", "missing", "dosage", "conclusion", "clinical-status", "certainty", "severity",
  "criticality", "gender", "born", "died", "relation", "reach", "kind", "service", "began", "ended", "time", "reason", "site",
  "method", "device", "outcome", "description", "modality", "lot", "expires", "notes", "people", "organisation", "place",
  "intent", "priority", "status", "recorded", "reported",
] as const;
export type FactName = (typeof FACTS)[number];

export interface Fact {
  readonly name: FactName;
  readonly values: readonly Value[];
}

export interface Attachment {
  readonly title: string | null;
  readonly contentType: string;
  /** Base64; null where it is only named. */
  readonly data: string | null;
}

export interface Described {
  readonly type: string;
  readonly id: string | null;
  readonly title: Concept | null;
  readonly when: When | null;
  /** Entered in error: it was never so. */
  readonly wrong: boolean;
  readonly facts: readonly Fact[];
  /** Parts of a measurement. */
  readonly parts: readonly { readonly title: Concept | null; readonly facts: readonly Fact[] }[];
  readonly attachments: readonly Attachment[];
  /** XHTML by whoever wrote it: never shown without a sanitiser. */
  readonly narratives: readonly string[];
  readonly rest: readonly Rest[];
}

type Read = (value: unknown, held: Held, one: Fields) => readonly Value[];

const listed = (values: readonly (Value | null)[]): readonly Value[] => values.filter((one): one is Value => one !== null);
const asConcept = (found: Concept | null): Value | null => (found === null ? null : { kind: "concept", concept: found });
const asText = (words: string): Value => ({ kind: "text", text: words });
const concepts: Read = (value) => listed(every(value).map((one) => asConcept(concept(one))));
const words: Read = (value) => texts(value).map(asText);
const codes: Read = (value) => texts(value).map((code) => ({ kind: "code", code }));
const coded: Read = (value) =>
  listed(every(value).map((one) => codeOf(one)).map((code) => (code === null ? null : { kind: "code", code })));
const people: Read = (value, held) => allNamed(every(value), held).map(asText);
const actors: Read = (value, held) =>
  allNamed(every(value).flatMap(({ actor, individual, member }) => [actor, individual, member]), held).map(asText);
const quantities: Read = (value) =>
  listed([quantity(value)].map((found) => (found === null ? null : { kind: "quantity", quantity: found })));
const ranges: Read = (value) => listed(every(value).map((one) => range(one)).map((found) => (found === null ? null : { kind: "range", range: found })));
const times: Read = (value) => {
  const [at, period] = [when(value), span(value)];
  if (at !== null) return [{ kind: "when", when: at }];
  return period === null ? words(value, NOBODY, {}) : [{ kind: "span", span: period }];
};
const dosages: Read = (value) => every(value).map((one) => ({ kind: "dosage", dosage: dosage(one) }));
const anything: Read = (value, held, one) => {
  if (typeof value === "boolean") return [{ kind: "code", code: String(value) }];
  if (number(value) !== null) return [{ kind: "quantity", quantity: { value: value as number, written: null, comparator: null, unit: "", code: null } }];
  if (typeof value === "string") return when(value) === null ? words(value, held, one) : times(value, held, one);
  const ratio = fields(value);
  if (ratio?.numerator !== undefined) return [...quantities(ratio.numerator, held, one), asText("/"), ...quantities(ratio.denominator, held, one)];
  // The first form that fits: a Quantity has a code too, which is its unit.
  for (const read of [quantities, concepts, times, ranges]) {
    const found = read(value, held, one);
    if (found.length > 0) return found;
  }
  return [];
};
const notes: Read = (_value, _held, one) => notesOf(one as Resource).map(asText);
const reach: Read = (value) => every(value).flatMap((one) => texts(one.value)).map(asText);
const NOBODY: Held = { recordId: "", author: "", hospital: "", category: "", date: "", version: 1, resources: [] };

/** Which fact an element tells; `[x]` stands for any type's name. */
const ELEMENTS: Readonly<Record<string, readonly [FactName, Read]>> = {
  status: ["status", codes], clinicalStatus: ["clinical-status", coded], verificationStatus: ["certainty", coded],
  class: ["kind", coded], serviceType: ["service", concepts], severity: ["severity", concepts], criticality: ["criticality", codes],
  "value[x]": ["value", anything], interpretation: ["interpretation", coded], referenceRange: ["reference-range", ranges],
  dataAbsentReason: ["missing", coded], dosageInstruction: ["dosage", dosages], dosage: ["dosage", dosages],
  doseQuantity: ["dosage", quantities], "onset[x]": ["began", anything], "abatement[x]": ["ended", anything],
  "effective[x]": ["time", times], "performed[x]": ["time", times], "occurrence[x]": ["time", times], period: ["time", times],
  started: ["time", times], authoredOn: ["time", times], date: ["time", times], created: ["time", times], lastOccurrence: ["time", times],
  recordedDate: ["recorded", times], recorded: ["recorded", times], issued: ["reported", times], dateAsserted: ["recorded", times],
  reasonCode: ["reason", concepts], bodySite: ["site", concepts], site: ["site", concepts], route: ["method", concepts],
  method: ["method", concepts], device: ["device", people], performer: ["people", people], requester: ["people", people],
  recorder: ["people", people], asserter: ["people", people], author: ["people", people], participant: ["people", actors],
  informationSource: ["people", people], serviceProvider: ["organisation", people], custodian: ["organisation", people],
  managingOrganization: ["organisation", people], manufacturer: ["organisation", people], location: ["place", people],
  conclusion: ["conclusion", words], conclusionCode: ["conclusion", concepts], description: ["description", words],
  title: ["description", words], lotNumber: ["lot", words], expirationDate: ["expires", times], modality: ["modality", concepts],
  intent: ["intent", codes], priority: ["priority", codes], gender: ["gender", codes], birthDate: ["born", times],
  "deceased[x]": ["died", anything], relationship: ["relation", concepts], telecom: ["reach", reach], outcome: ["outcome", concepts],
  note: ["notes", notes], "category": ["kind", concepts],
};

const CHOICE = /^(value|onset|abatement|effective|performed|occurrence|deceased)[A-Z]/;
const TITLES = ["code", "vaccineCode", "type", "name", "deviceName", "scope"] as const;
const DATES = [
  "effectiveDateTime", "effectivePeriod", "effectiveInstant", "performedDateTime", "performedPeriod", "occurrenceDateTime",
  "authoredOn", "period", "started", "date", "recordedDate", "onsetDateTime", "issued", "created", "dateAsserted",
] as const;

const elementOf = (key: string): string => key.replace(CHOICE, "$1[x]").replace(/\[x\].*$/, "[x]");

/** What the resource says. */
export function described(one: Resource, held: Held): Described {
  const told = new Set(["code", "vaccineCode", "component", "medicationCodeableConcept", "medicationReference"]);
  for (const key of Object.keys(one)) if (ELEMENTS[elementOf(key)] !== undefined) told.add(key);
  const titled = TITLES.find((key) => one[key] !== undefined);
  if (titled !== undefined) told.add(titled);
  return {
    type: one.resourceType,
    id: text(one.id),
    title: titleOf(one, held),
    when: firstOf(...DATES.map((key) => one[key])),
    wrong: isError(one),
    facts: factsOf(one, held),
    parts: every(one.component).map((each) => ({ title: concept(each.code), facts: factsOf(each, held) })),
    attachments: every(one.content).flatMap(({ attachment }) => attached(fields(attachment))).concat(attached(fields(one.photo)), every(one.presentedForm).flatMap(attached), contentOf(one)),
    narratives: narrativesOf(one),
    rest: rest(one, told, held),
  };
}

function titleOf(one: Resource, held: Held): Concept | null {
  const given = product(one, held);
  if (given !== null) return given;
  for (const key of TITLES) {
    const value = one[key];
    const found = concept(Array.isArray(value) ? value[0] : value) ?? (text(value) === null ? null : { words: text(value) as string, codes: [] });
    if (found !== null) return found;
  }
  const named = every(one.deviceName).map(({ name }) => text(name)).find((found) => found !== null);
  const said = named ?? text(one.title) ?? text(one.description) ?? allNamed([{ reference: `urn:uuid:${String(one.id)}` }], held)[0];
  return said === undefined || said === null ? null : { words: said, codes: [] };
}

function factsOf(one: Fields, held: Held): readonly Fact[] {
  const found = new Map<FactName, Value[]>();
  for (const [key, value] of Object.entries(one)) {
    const element = ELEMENTS[elementOf(key)];
    const values = element?.[1](value, held, one) ?? [];
    if (element !== undefined && values.length > 0) found.set(element[0], [...(found.get(element[0]) ?? []), ...values]);
  }
  return FACTS.flatMap((name) => (found.has(name) ? [{ name, values: distinct(found.get(name) ?? []) }] : []));
}

function distinct(values: readonly Value[]): readonly Value[] {
  const seen = new Set<string>();
  return values.filter((one) => {
    const key = JSON.stringify(one);
    return seen.has(key) ? false : (seen.add(key), true);
  });
}

function attached(one: Fields | null): readonly Attachment[] {
  if (one === null) return [];
  return [{ title: text(one.title), contentType: text(one.contentType) ?? "application/octet-stream", data: text(one.data) }];
}

/** A Binary or a Media is an attachment itself. */
function contentOf(one: Resource): readonly Attachment[] {
  return one.resourceType === "Binary" ? attached(one) : [];
}

/** The resource's own narrative, then those of its sections, however deep. */
function narrativesOf(one: Fields, depth = 0): readonly string[] {
  const own = text(fields(one.text)?.div);
  const below = depth > 8 ? [] : every(one.section).flatMap((each) => narrativesOf(each, depth + 1));
  return own === null ? below : [own, ...below];
}

/** What a gateway's `$everything` gives (R4 operation-patient-everything), as records again: by the tags in `meta`. */

import type { Held } from "../patient/portrait/held";
import { every, fields, resource, text, type Fields, type Resource } from "../patient/portrait/json";

const AUTHOR = "urn:consentry:author";
const CATEGORY = "urn:consentry:category";
const RECORD = "urn:consentry:record";
const DATE = "urn:consentry:record-date";
const RECEIPT = "urn:consentry:receipt";
const ACCOUNT = "urn:consentry:account";
const ERROR = "urn:consentry:error";

/** What is technically missing; `words` are the gateway's, in English. */
export interface Issue {
  readonly code: string | null;
  readonly words: string;
}

export interface Receipt {
  readonly recordId: string;
  readonly keeper: string;
  readonly words: string;
  readonly value: string;
}

export interface Given {
  readonly records: readonly Held[];
  readonly issues: readonly Issue[];
  readonly receipts: readonly Receipt[];
}

interface Row {
  readonly resource: Resource;
  readonly record: string | null;
  readonly author: { readonly account: string; readonly name: string };
  readonly category: string;
}

export function given(bundles: readonly unknown[]): Given {
  const entries = bundles.flatMap((bundle) => every(fields(bundle)?.entry));
  const resources = entries.map((entry) => resource(entry.resource)).filter((one): one is Resource => one !== null);
  const ofRecords = resources.filter(({ resourceType }) => !["OperationOutcome", "Provenance"].includes(resourceType));
  return {
    records: records(ofRecords.map(row)),
    issues: resources.filter(({ resourceType }) => resourceType === "OperationOutcome").flatMap(issues),
    receipts: resources.filter(({ resourceType }) => resourceType === "Provenance").flatMap(receipts),
  };
}

function row(one: Resource): Row {
  const tags = every(fields(one.meta)?.tag);
  const tag = (system: string): Fields | undefined => tags.find((each) => each.system === system);
  const account = text(tag(AUTHOR)?.code) ?? "";
  return {
    resource: one,
    record: text(tag(RECORD)?.code),
    author: { account, name: text(tag(AUTHOR)?.display) ?? account },
    category: text(tag(CATEGORY)?.code) ?? "",
  };
}

/** Whoever is referred to (hospitals, colleagues, the patient) comes once in an answer, and is put into each record. */
const SHARED: ReadonlySet<string> = new Set([
  "Patient", "Practitioner", "PractitionerRole", "Organization", "Location", "HealthcareService", "Endpoint", "Substance",
]);

function records(rows: readonly Row[]): readonly Held[] {
  const shared = rows.filter(({ resource: one }) => SHARED.has(one.resourceType));
  const grouped = new Map<string, Row[]>();
  for (const one of rows) {
    if (one.record === null || SHARED.has(one.resource.resourceType)) continue;
    const before = grouped.get(one.record);
    if (before === undefined) grouped.set(one.record, [one]);
    else before.push(one);
  }
  return [...grouped].map(([recordId, own]) => held(recordId, own, shared)).sort((left, right) => (left.date < right.date ? 1 : -1));
}

/** The record's own date, as its author gave it; never one of what it holds, which may be an onset of years ago. */
function dateOf({ meta }: Resource): string {
  return text(every(fields(meta)?.tag).find(({ system }) => system === DATE)?.code) ?? "";
}

function held(recordId: string, own: readonly Row[], shared: readonly Row[]): Held {
  const first = own[0] as Row;
  const others = shared.filter(({ author, record }) => record === null || author.account === first.author.account);
  return {
    recordId,
    author: first.author.account,
    hospital: first.author.name,
    category: first.category,
    date: dateOf(first.resource),
    version: Number(text(fields(first.resource.meta)?.versionId) ?? 1),
    resources: [...own, ...others].map(({ resource: one }) => one),
  };
}

function issues(outcome: Resource): readonly Issue[] {
  return every(outcome.issue).map((one) => ({
    code: text(every(fields(one.details)?.coding).find(({ system }) => system === ERROR)?.code),
    words: text(one.diagnostics) ?? text(fields(one.details)?.text) ?? "",
  }));
}

function receipts(one: Resource): readonly Receipt[] {
  const keepers = every(one.agent)
    .map(({ who }) => fields(fields(who)?.identifier))
    .filter((identifier) => identifier?.system === ACCOUNT)
    .map((identifier) => text(identifier?.value) ?? "");
  const known = every(one.entity).map(({ what }) => fields(what));
  const recordId = text(fields(known.find((what) => fields(what?.identifier)?.system === RECORD)?.identifier)?.value) ?? "";
  return known
    .filter((what) => fields(what?.identifier)?.system === RECEIPT)
    .map((what, index) => ({
      recordId,
      keeper: keepers[index] ?? "",
      words: text(what?.display) ?? "",
      value: text(fields(what?.identifier)?.value) ?? "",
    }));
}

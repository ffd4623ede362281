/**
 * The whole record as one FHIR Bundle: the resources of every record under the ids that Consentry's gateways give them to readers,
 * each saying in `meta` who wrote it, in which record, and how confidential that is.
 */

import { carrySources } from "../../core/decimals";
import type { OpenRecord } from "../../core/reading";
import { utf8, type Hex } from "../../layouts/bytes";
import { sha256 } from "../../layouts/hashes";
import { held, isSummary, resourcesOf } from "./held";
import { every, fields, text, type Fields, type Resource } from "./json";

const AUTHOR = "urn:consentry:author";
const CATEGORY = "urn:consentry:category";
const RECORD = "urn:consentry:record";
const LEVEL = "urn:consentry:level";
const CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
const TAGS = new Set([AUTHOR, CATEGORY, RECORD]);
const PATIENT = "urn:consentry:patient";

/** They say nothing of what was done: copies of them in several records are one. Python's `tables.is_context`. */
export const CONTEXT: ReadonlySet<string> = new Set([
  "Endpoint", "HealthcareService", "Location", "Medication", "Organization", "Patient", "Practitioner", "PractitionerRole", "Substance",
]);

/**
 * A Bundle of type collection with the Patient first. `at` is an instant (`YYYY-MM-DDThh:mm:ssZ`). Emergency summaries stay out:
 * whoever takes the file in would have each allergy and medicine twice.
 */
export async function exported(records: readonly OpenRecord[], patient: Hex, chainId: number, at: string): Promise<Fields> {
  const me = await scopedId(patient, "patient");
  let demographics: Fields = {};
  const found = new Map<string, Resource>();
  const ordered = records.filter((one) => !repeats(one)).sort((left, right) => (left.header.date < right.header.date ? -1 : 1));
  for (const record of ordered) {
    const names = await namesOf(record, me);
    for (const one of resourcesOf(record.bundle)) {
      const own = rewritten(one, names) as Resource;
      if (one.resourceType === "Patient") demographics = { ...demographics, ...without(own, ["id", "meta"]) };
      else found.set(own.id as string, carrySources(one, { ...own, meta: labelled(record, fields(one.meta) ?? {}) }));
    }
  }
  const person = {
    ...demographics,
    resourceType: "Patient",
    id: me,
    identifier: [{ system: "urn:ietf:rfc:3986", value: `did:ethr:0x${chainId.toString(16)}:${patient}` }],
  };
  const entry = [person, ...found.values()].map((resource) => ({ fullUrl: `urn:uuid:${resource.id as string}`, resource }));
  return { resourceType: "Bundle", type: "collection", timestamp: at, entry };
}

/** Of another category, a document with that Composition is a hospital's own, and may be the only one that says what is in it. */
const repeats = (one: OpenRecord): boolean => one.header.category === "emergency" && isSummary(held(one));

function without(one: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(one).filter(([key]) => !keys.includes(key)));
}

/** What addresses inside the record become. */
async function namesOf({ header, document, bundle }: OpenRecord, me: string): Promise<ReadonlyMap<string, string>> {
  const names = new Map([[PATIENT, `urn:uuid:${me}`]]);
  for (const { resourceType, id } of resourcesOf(bundle)) {
    const scope = CONTEXT.has(resourceType) ? header.author : `${header.author}/${document}`;
    if (typeof id === "string") names.set(`urn:uuid:${id}`, `urn:uuid:${await scopedId(scope, id)}`);
  }
  return names;
}

/** A UUID as Python's `identity.scoped_id` makes it: RFC 9562 version 5 in form, its bits from SHA-256. */
export async function scopedId(scope: string, local: string): Promise<string> {
  const digest = await sha256(utf8("consentry/reader\0"), utf8(scope), utf8("\0"), utf8(local));
  const bytes = digest.slice(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The resource with every address in it rewritten, and its id with them. */
function rewritten(one: Resource, names: ReadonlyMap<string, string>): Fields {
  const id = text(one.id);
  const own = id === null ? undefined : names.get(`urn:uuid:${id}`)?.replace("urn:uuid:", "");
  return { ...(addressed(one, names) as Fields), ...(own === undefined ? {} : { id: own }) };
}

function addressed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return names.get(value) ?? value;
  if (Array.isArray(value)) return carrySources(value, value.map((one) => addressed(one, names)));
  const object = fields(value);
  if (object === null) return value;
  return carrySources(object, Object.fromEntries(Object.entries(object).map(([key, each]) => [key, addressed(each, names)])));
}

function labelled({ header, author }: OpenRecord, own: Fields): Fields {
  const others = (key: string, systems: ReadonlySet<string>): readonly Fields[] =>
    every(own[key]).filter(({ system }) => !systems.has(String(system)));
  return {
    ...own,
    versionId: String(header.version),
    security: [
      ...others("security", new Set([CONFIDENTIALITY, LEVEL])),
      { system: CONFIDENTIALITY, code: header.confidentiality },
      { system: LEVEL, code: String(header.level) },
    ],
    tag: [
      ...others("tag", TAGS),
      { system: AUTHOR, code: header.author, display: author.name },
      { system: CATEGORY, code: header.category },
      { system: RECORD, code: header.recordId },
    ],
    source: `${RECORD}:${header.recordId}`,
  };
}

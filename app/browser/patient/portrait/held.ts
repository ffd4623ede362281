/** One record as the portrait takes it, whoever read it: the patient's own page, or a clinician's gateway. */

import type { OpenRecord } from "../../core/reading";
import { every, fields, resource, text, type Fields, type Resource } from "./json";

export interface Held {
  readonly recordId: string;
  /** The hospital's account on chain, and its registered name. */
  readonly author: string;
  readonly hospital: string;
  readonly category: string;
  /** The record's own date (`YYYY-MM-DDThh:mm:ssZ`): its visit's start, else the earliest in it. */
  readonly date: string;
  readonly version: number;
  readonly resources: readonly Resource[];
}

/** The records that hold now: of each document the newest version. */
export function current(records: readonly OpenRecord[]): readonly Held[] {
  return records.filter(({ replaced }) => !replaced).map(held);
}

export function held({ header, author, bundle }: OpenRecord): Held {
  return {
    recordId: header.recordId,
    author: author.address,
    hospital: author.name,
    category: header.category,
    date: header.date,
    version: header.version,
    resources: resourcesOf(bundle),
  };
}

export function resourcesOf(bundle: unknown): readonly Resource[] {
  return every(fields(bundle)?.entry ?? [])
    .map((one) => resource(one.resource))
    .filter((one): one is Resource => one !== null);
}

/** What a Reference leads to: records refer by `urn:uuid:` to what is beside them, by `#` to what is in them, never further. */
export function target(reference: Fields, { resources }: Held, within?: Resource): Resource | null {
  const address = text(reference.reference);
  if (address === null) return null;
  if (address.startsWith("#")) {
    const inside = every(within?.contained).find((one) => one.id === address.slice(1));
    return resource(inside);
  }
  const id = address.replace(/^urn:uuid:/, "").replace(/^.*\//, "");
  return resources.find((one) => one.id === id) ?? null;
}

/** LOINC 60591-5: an emergency summary repeats what other records of its author say. */
export function isSummary({ resources }: Held): boolean {
  return resources.some(
    (one) => one.resourceType === "Composition" && every(fields(one.type)?.coding).some(({ code }) => code === "60591-5"),
  );
}

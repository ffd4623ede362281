/** Which version of each document is the newest, and which sealing of each record (specification D-5, D-14, K-36). */

import type { Hex } from "../layouts/bytes";
import type { Found } from "./discovery";

/** Of one record so many sealings are tried: an author may file as many as it likes. */
export const MOST_SEALINGS = 4;

/** A record with its place among the versions of its document. */
export interface Placed {
  readonly found: Found;
  /** The other sealings it has, newest first. */
  readonly older: readonly Found[];
  /** Record id of the first version, as far as they were found. */
  readonly document: Hex;
  readonly replaced: boolean;
}

export interface LinedUp {
  /** In order of date, author, version, id. */
  readonly placed: readonly Placed[];
  /** Different headers of one author under one record id: none of them counts. */
  readonly clashes: readonly Hex[];
}

const idOf = (author: Hex, recordId: Hex): string => author + recordId;

/** Of each record its sealings, the newest first; one to a version that the chain does not know comes last. */
function bySealing(found: readonly Found[], current: number): Found[][] {
  const together = new Map<string, Found[]>();
  for (const one of found) {
    const { author, recordId } = one.entry.header;
    const name = idOf(author, recordId) + one.headerHash;
    together.set(name, [...(together.get(name) ?? []), one]);
  }
  const versionOf = (one: Found): number => one.entry.sealing.committeeVersion;
  const rank = (one: Found): number => (versionOf(one) > current ? versionOf(one) + Number.MIN_SAFE_INTEGER : versionOf(one));
  return [...together.values()].map((these) => these.sort((left, right) => rank(right) - rank(left)).slice(0, MOST_SEALINGS));
}

/** Every record once; only a higher version of the same author replaces one. */
export function lineUp(found: readonly Found[], current: number): LinedUp {
  const named = new Map<string, Found[][]>();
  for (const these of bySealing(found, current)) {
    const { author, recordId } = (these[0] as Found).entry.header;
    named.set(idOf(author, recordId), [...(named.get(idOf(author, recordId)) ?? []), these]);
  }
  const clashes = [...named.values()].filter((these) => these.length > 1).map((these) => these[0]?.[0]?.entry.header.author as Hex);
  const single = new Map([...named].filter(([, these]) => these.length === 1).map(([name, these]) => [name, these[0] as Found[]]));
  const latest = new Map<string, number>();
  for (const [newest] of single.values()) {
    const { author, replaces, version } = (newest as Found).entry.header;
    if (replaces !== null) latest.set(idOf(author, replaces), Math.max(version, latest.get(idOf(author, replaces)) ?? 0));
  }
  const placed = [...single].map(([name, [newest, ...older]]): Placed => {
    const one = newest as Found;
    const replaced = one.entry.header.version < (latest.get(name) ?? 0);
    return { found: one, older, document: first(one, single), replaced };
  });
  placed.sort((left, right) => order(left.found, right.found));
  return { placed, clashes };
}

/** Back along `replaces`; versions fall, so that this ends whatever an author wrote. */
function first({ entry }: Found, single: ReadonlyMap<string, readonly Found[]>): Hex {
  let { header } = entry;
  let recordId = header.recordId;
  while (header.replaces !== null) {
    recordId = header.replaces;
    const former = single.get(idOf(header.author, recordId))?.[0]?.entry.header;
    if (former === undefined || former.version >= header.version) break;
    header = former;
  }
  return recordId;
}

function order({ entry: { header: left } }: Found, { entry: { header: right } }: Found): number {
  const texts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  return (
    texts(left.date, right.date) || texts(left.author, right.author) || left.version - right.version ||
    texts(left.recordId, right.recordId)
  );
}

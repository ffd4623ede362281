/** Addresses of records inside this page: numbers given out as records are shown, which mean nothing anywhere else. */

import type { OpenRecord } from "../../core/reading";

const numbers = new Map<string, number>();

/** Null for a record that is not among these. */
export function addressOf(records: readonly OpenRecord[], recordId: string): `#/records/${number}` | null {
  if (!records.some(({ header }) => header.recordId === recordId)) return null;
  return `#/records/${numberOf(recordId)}`;
}

export function numberOf(recordId: string): number {
  const known = numbers.get(recordId) ?? numbers.size + 1;
  numbers.set(recordId, known);
  return known;
}

/** The record that the address names, if it is open. */
export function atAddress(records: readonly OpenRecord[], part: string): OpenRecord | null {
  return records.find(({ header }) => String(numbers.get(header.recordId)) === part) ?? null;
}

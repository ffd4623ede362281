/** What the patient asks the hospital that serves this page about records that it wrote (specification W-42, W-43). */

import type { Hex } from "../layouts/bytes";
import { isoOf, secondsOf } from "../layouts/times";
import { call } from "./api";
import type { OpenRecord } from "./reading";

export type Asks = "correct" | "erase";

export interface Petition {
  readonly id: Hex;
  readonly record: Hex;
  readonly asks: Asks;
  readonly words: string;
  readonly askedAt: string;
  readonly state: "open" | "done" | "declined";
  readonly answer: string | null;
  readonly answeredAt: string | null;
}

export interface Rule {
  readonly category: string;
  readonly years: number;
  readonly source: string;
}

export interface Retention {
  readonly jurisdiction: string | null;
  readonly rules: readonly Rule[];
}

/** Until when a record must be kept (ISO), and by which source. */
export interface Kept {
  readonly until: string;
  readonly source: string;
}

/** Where members' gateways are, if this one knows. */
export interface Place {
  readonly address: Hex;
  readonly gateway: string | null;
}

export const petitions = async (): Promise<readonly Petition[]> =>
  (await call<{ petitions: Petition[] }>("GET", "/api/petitions")).petitions;

export const ask = ({ header }: OpenRecord, asks: Asks, words: string): Promise<Petition> =>
  call("POST", "/api/petitions", {
    record: header.recordId,
    category: header.category,
    confidentiality: header.confidentiality,
    asks,
    words,
  });

export const retention = (): Promise<Retention> => call("GET", "/api/retention");

export const places = async (): Promise<readonly Place[]> =>
  (await call<{ members: Place[] }>("GET", "/api/members")).members;

/** The longest of the rows that fit, if it still holds at `now` (seconds); Python's `retention.kept_until`. */
export function keptUntil({ header, anchoredAt }: Pick<OpenRecord, "header" | "anchoredAt">, rules: readonly Rule[], now: number): Kept | null {
  const since = Math.max(secondsOf(header.date), anchoredAt);
  const clocks = rules
    .filter(({ category }) => category === "any" || category === header.category)
    .map(({ years, source }) => ({ seconds: yearsAfter(since, years), source }));
  const longest = clocks.reduce<(typeof clocks)[number] | null>(
    (best, one) => (best === null || one.seconds > best.seconds ? one : best),
    null,
  );
  return longest === null || longest.seconds <= now ? null : { until: isoOf(longest.seconds), source: longest.source };
}

/** The same second of that day so many years later, in seconds; 29 February becomes 1 March. */
function yearsAfter(since: number, years: number): number {
  const day = new Date(since * 1000);
  const year = Math.min(day.getUTCFullYear() + years, 9999);
  return Date.UTC(year, day.getUTCMonth(), day.getUTCDate(), day.getUTCHours(), day.getUTCMinutes(), day.getUTCSeconds()) / 1000;
}

/** FHIR's dates, which may be a year or a month alone (R4 datatypes.html#dateTime): each is the span of time that it may mean. */

import { fields, text } from "./json";

export type Precision = "year" | "month" | "day" | "time";

export interface When {
  /** As it was written. */
  readonly text: string;
  readonly precision: Precision;
  /** Milliseconds since the epoch; the end is exclusive. A date without a zone counts in UTC. */
  readonly start: number;
  readonly end: number;
}

export interface Span {
  readonly from: When | null;
  readonly until: When | null;
}

const FORM =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** The time that a FHIR date, dateTime or instant means; null for what is none, 30 February too. */
export function when(value: unknown): When | null {
  const written = text(value);
  const found = written === null ? null : FORM.exec(written);
  if (written === null || found === null) return null;
  const [, year, month, day, hour, minute] = found;
  const at = Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1));
  const named = new Date(at);
  const real = named.getUTCMonth() === Number(month ?? 1) - 1 && named.getUTCDate() === Number(day ?? 1);
  if (!real || Number(year) < 1800) return null;
  if (hour === undefined || minute === undefined) return dated(written, Number(year), month, day);
  const zoned = /Z|[+-]\d{2}:\d{2}$/.test(written) ? written : `${written}Z`;
  const start = Date.parse(zoned);
  return Number.isNaN(start) ? null : { text: written, precision: "time", start, end: start + 1000 };
}

function dated(written: string, year: number, month: string | undefined, day: string | undefined): When {
  const first = Number(month ?? 1) - 1;
  const start = Date.UTC(year, first, Number(day ?? 1));
  if (day !== undefined) return { text: written, precision: "day", start, end: start + 86_400_000 };
  if (month !== undefined) return { text: written, precision: "month", start, end: Date.UTC(year, first + 1, 1) };
  return { text: written, precision: "year", start, end: Date.UTC(year + 1, 0, 1) };
}

/** A Period; null if it says neither when it began nor when it ended. */
export function span(value: unknown): Span | null {
  const found = fields(value);
  if (found === null) return null;
  const made = { from: when(found.start), until: when(found.end) };
  return made.from === null && made.until === null ? null : made;
}

/** The first of these that is a time. A Period counts by its start, else by its end. */
export function firstOf(...values: readonly unknown[]): When | null {
  for (const value of values) {
    const period = span(value);
    const found = when(value) ?? period?.from ?? period?.until ?? null;
    if (found !== null) return found;
  }
  return null;
}

/** For sorting: the newest first, what has no date last. */
export function newestFirst(left: When | null, right: When | null): number {
  const first = left?.start ?? Number.NEGATIVE_INFINITY;
  const second = right?.start ?? Number.NEGATIVE_INFINITY;
  return first === second ? 0 : second - first;
}

/** Times as patients and contracts read them: `YYYY-MM-DDThh:mm:ssZ`. */

import { LayoutInvalid } from "./errors";

/** 1800-01-01: no living person has an older record. */
const EARLIEST = -5_364_662_400;
/** The last second of the year 9999. */
const LATEST = 253_402_300_799;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** `seconds` since the epoch as text. */
export function isoOf(seconds: number): string {
  if (!Number.isSafeInteger(seconds) || seconds < EARLIEST || seconds > LATEST) {
    throw new LayoutInvalid("time is outside the years 1800 to 9999");
  }
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** Seconds since the epoch of a time that exists. Throws LayoutInvalid on any other text. */
export function secondsOf(text: string): number {
  const milliseconds = ISO.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse rolls 30 February over: only a text that comes back unchanged named a real time.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== text.replace("Z", ".000Z")) {
    throw new LayoutInvalid("not a time as YYYY-MM-DDThh:mm:ssZ");
  }
  if (milliseconds / 1000 < EARLIEST) throw new LayoutInvalid("time is before the year 1800");
  return milliseconds / 1000;
}

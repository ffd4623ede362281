/** Dates, numbers and names as the reader's language writes them. */

import { language } from "../core/language";
import { element } from "./dom";

/** Which regional habits a language stands for where the browser prefers none of that language. */
function locale(): string {
  const wanted = language();
  const own = navigator.languages.find((one) => one.toLowerCase().startsWith(wanted));
  return own ?? (wanted === "zh" ? "zh-CN" : "en");
}

/** An ISO time in the reader's own zone. */
export function moment(iso: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeStyle: "short" }).format(new Date(iso));
}

/** An ISO time in the reader's own zone, which is named: for what somebody signs. */
export function zoned(iso: string): string {
  const parts = { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" } as const;
  return new Intl.DateTimeFormat(locale(), parts).format(new Date(iso));
}

const WHOLE_DAY = /^\d{4}-\d{2}-\d{2}$/;
const PART = /^(\d{4})(?:-(\d{2}))?$/;

/** A FHIR date or time: a year stays a year, a month a month, a day that day in every zone; a time is the reader's day. */
export function day(iso: string): string {
  const part = PART.exec(iso);
  if (part !== null) {
    const at = new Date(Date.UTC(Number(part[1]), Number(part[2] ?? 1) - 1));
    const month = part[2] === undefined ? {} : { month: "long" as const };
    return new Intl.DateTimeFormat(locale(), { year: "numeric", ...month, timeZone: "UTC" }).format(at);
  }
  const zone = WHOLE_DAY.test(iso) ? { timeZone: "UTC" } : {};
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long", ...zone }).format(new Date(iso));
}

/** Of which year, in few letters. */
export function month(at: Date): string {
  return new Intl.DateTimeFormat(locale(), { year: "numeric", month: "short", timeZone: "UTC" }).format(at);
}

export function number(value: number): string {
  return new Intl.NumberFormat(locale(), { maximumSignificantDigits: 15 }).format(value);
}

const DECIMALS = /^-?\d+\.(\d{1,20})$/;

/** A number as it stands in JSON: its closing zeros say how exactly somebody measured. */
export function decimal(written: string): string {
  const places = DECIMALS.exec(written)?.[1]?.length;
  if (places === undefined) return number(Number(written));
  return new Intl.NumberFormat(locale(), { minimumFractionDigits: places, maximumFractionDigits: places }).format(Number(written));
}

/** Several names or words in one line. */
export function list(items: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(items);
}

export function bytesInWords(count: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  const style = { style: "unit" as const, unit: units[step] ?? "byte", unitDisplay: "narrow" as const };
  return new Intl.NumberFormat(locale(), { ...style, maximumFractionDigits: 1 }).format(count / 1000 ** step);
}

/** A time that programs can read as well. */
export function time(iso: string, format: (iso: string) => string = moment): HTMLElement {
  return element("time", { datetime: iso }, format(iso));
}

/** A name that somebody chose: of any length and direction, it stays in its place. */
export function name(text: string): HTMLElement {
  return element("bdi", { class: "name" }, text);
}

/** A long hash or account: its ends, and the whole of it for who asks. */
export function short(value: string): HTMLElement {
  const ends = value.length > 20 ? `${value.slice(0, 8)}…${value.slice(-6)}` : value;
  return element("code", { class: "hash", title: value }, ends);
}

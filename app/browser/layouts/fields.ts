/** Strict readers of single fields, with the same bounds as Python's. Each throws LayoutInvalid naming the field. */

import { unbase64, unhex, utf8, type Bytes, type Hex } from "./bytes";
import type { Json } from "./canonical";
import { isCid } from "./cid";
import { LayoutInvalid } from "./errors";
import { secondsOf } from "./times";

export const MIN_THRESHOLD = 2;
export const MAX_SEATS = 16;
/** enc, a share of 33 bytes, tag. */
export const SEALED_SHARE_BYTES = 1120 + 33 + 16;
/** enc, a key of 32 bytes, tag. */
export const SEALED_KEY_BYTES = 1120 + 32 + 16;

const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;

type Value = Json | undefined;

function named<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof LayoutInvalid ? new LayoutInvalid(`${where}: ${error.message}`) : error;
  }
}

export function integer(value: Value, where: string, low = 0, high = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < low || value > high) {
    throw new LayoutInvalid(`${where}: not an integer from ${low} to ${high}`);
  }
  return value;
}

export function list(value: Value, where: string, low: number, high: number): readonly Json[] {
  if (!Array.isArray(value) || value.length < low || value.length > high) {
    throw new LayoutInvalid(`${where}: not a list of ${low} to ${high}`);
  }
  return value as readonly Json[];
}

export function digest(value: Value, where: string): Hex {
  named(where, () => unhex(value as string, 32));
  return value as Hex;
}

export function account(value: Value, where: string): Hex {
  named(where, () => unhex(value as string, 20));
  return value as Hex;
}

export const blob = (value: Value, where: string, length: number): Bytes =>
  named(where, () => unbase64(value as string, length));

/** Hex of `low` to `high` bytes. */
export function hexOf(value: Value, where: string, low: number, high: number = low): Hex {
  const length = named(where, () => unhex(value as string)).length;
  if (length < low || length > high) throw new LayoutInvalid(`${where}: not ${low} to ${high} bytes`);
  return value as Hex;
}

/** The value, or null where a layout allows it. */
export const orNull = <T>(value: Value, where: string, read: (value: Value, where: string) => T): T | null =>
  value === null ? null : read(value, where);

export function name(value: Value, where: string): string {
  if (typeof value !== "string" || !isName(value)) throw new LayoutInvalid(`${where}: not fit to be read as a name`);
  return value;
}

/** A short ASCII code; fits a bytes32 on chain. */
export function code(value: Value, where: string): string {
  if (typeof value !== "string" || !CODE.test(value)) throw new LayoutInvalid(`${where}: not a code`);
  return value;
}

export function oneOf(value: Value, allowed: readonly string[], where: string): string {
  if (typeof value !== "string" || !allowed.includes(value)) throw new LayoutInvalid(`${where}: not a word of the list`);
  return value;
}

export function time(value: Value, where: string): string {
  named(where, () => secondsOf(value as string));
  return value as string;
}

export function cid(value: Value, where: string): string {
  if (typeof value !== "string" || !isCid(value)) throw new LayoutInvalid(`${where}: not a CIDv1 in base32 with sha2-256`);
  return value;
}

const MAX_NAME_BYTES = 100;
const NAME = /^[^\p{C}\p{Z}]+(?: [^\p{C}\p{Z}]+)*$/u;

/** Whether text is fit to be read as a name: printable, NFC, single plain spaces, at most 100 bytes; "any" is none. */
export function isName(text: string): boolean {
  const fits = NAME.test(text) && text === text.normalize("NFC") && utf8(text).length <= MAX_NAME_BYTES;
  return fits && text !== "any";
}

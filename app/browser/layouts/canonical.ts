/** Canonical JSON (L-1): RFC 8785 restricted to ASCII keys and exact integers. */

import { equal, utf8, type Bytes } from "./bytes";
import { LayoutInvalid } from "./errors";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Deeper than any layout; Python refuses at the same depth. */
const MAX_DEPTH = 16;
const ASCII = /^[\x00-\x7f]*$/;

function text(value: string): string {
  if (!value.isWellFormed()) throw new LayoutInvalid("text holds a lone surrogate");
  return JSON.stringify(value);
}

function write(value: Json, depth: number): string {
  if (depth > MAX_DEPTH) throw new LayoutInvalid("nested too deeply");
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return text(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new LayoutInvalid("number is not an exact integer");
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map((item: Json) => write(item, depth + 1)).join(",")}]`;
  if (typeof value !== "object") throw new LayoutInvalid("value has no canonical form");
  const members = Object.entries(value as JsonObject).map(([key, member]): [string, string] => {
    if (!ASCII.test(key)) throw new LayoutInvalid("key is not ASCII");
    return [key, `${text(key)}:${write(member, depth + 1)}`];
  });
  members.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([, member]) => member).join(",")}}`;
}

/** The canonical bytes. Throws LayoutInvalid for what has none. */
export function dumps(value: Json): Bytes {
  return utf8(write(value, 0));
}

/** The value of canonical bytes. Throws LayoutInvalid unless they are exactly its canonical form. */
export function loads(raw: Uint8Array): Json {
  let value: Json;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw)) as Json;
  } catch {
    throw new LayoutInvalid("not JSON in UTF-8");
  }
  // Also finds duplicate keys, white space, other spellings of numbers and escapes: none survives being written again.
  if (!equal(dumps(value), raw)) throw new LayoutInvalid("JSON is not in canonical form");
  return value;
}

/** The object of canonical bytes with exactly these keys. */
export function loadObject(raw: Uint8Array, keys: readonly string[]): JsonObject {
  return exactly(loads(raw), keys);
}

/** `value` as an object with exactly these keys. */
export function exactly(value: Json | undefined, keys: readonly string[]): JsonObject {
  if (value === undefined || value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new LayoutInvalid("not an object");
  }
  const found = Object.keys(value).sort();
  const wanted = [...keys].sort();
  if (found.length !== wanted.length || found.some((key, at) => key !== wanted[at])) {
    throw new LayoutInvalid("object has other fields than its layout");
  }
  return value as JsonObject;
}

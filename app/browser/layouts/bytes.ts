/** Byte strings: the small alphabet in which the specification writes its layouts (integers big-endian, unsigned). */

import { LayoutInvalid } from "./errors";

/** Bytes that own a plain ArrayBuffer, which is what WebCrypto takes. */
export type Bytes = Uint8Array<ArrayBuffer>;
export type Hex = `0x${string}`;

const PIECE = 8_192;
const ENCODER = new TextEncoder();
const HEX = /^0x(?:[0-9a-f]{2})*$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What browsers of 2026 do by themselves, and Node 20 does not (ECMAScript 2026). */
interface Spelled {
  toBase64?(): string;
}
const { fromHex, fromBase64 } = Uint8Array as unknown as {
  readonly fromHex?: (text: string) => Bytes;
  readonly fromBase64?: (text: string, how: { readonly lastChunkHandling: "strict" }) => Bytes;
};
const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export const utf8 = (text: string): Bytes => ENCODER.encode(text);

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** `value` in exactly `width` bytes. Throws LayoutInvalid when it does not fit or is negative. */
export function unsigned(value: number | bigint, width: number): Bytes {
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new LayoutInvalid("integer is not exact");
  let rest = BigInt(value);
  if (rest < 0n || rest >= 1n << BigInt(8 * width)) throw new LayoutInvalid(`integer does not fit ${width} bytes`);
  const out = new Uint8Array(width);
  for (let at = width - 1; at >= 0; at--) {
    out[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return out;
}

export const u32 = (value: number | bigint): Bytes => unsigned(value, 4);
export const u64 = (value: number | bigint): Bytes => unsigned(value, 8);
export const u256 = (value: number | bigint): Bytes => unsigned(value, 32);

/** `str(x)` of the specification: one length byte, then UTF-8. */
export function str(text: string): Bytes {
  const raw = utf8(text);
  if (raw.length > 255) throw new LayoutInvalid("text is longer than 255 bytes");
  return concat(new Uint8Array([raw.length]), raw);
}

export function hex(bytes: Uint8Array): Hex {
  let digits = "";
  for (const byte of bytes) digits += DIGITS[byte];
  return `0x${digits}`;
}

/** Hex as it is kept here: a node or a library may give an address in mixed case (EIP-55). */
export const lower = (text: string): Hex => text.toLowerCase() as Hex;

/** Lower-case `0x` hex only; of `length` bytes when given. */
export function unhex(text: string, length?: number): Bytes {
  if (typeof text !== "string" || !HEX.test(text)) throw new LayoutInvalid("not lower-case 0x hex");
  const size = (text.length - 2) / 2;
  if (length !== undefined && size !== length) throw new LayoutInvalid(`not ${length} bytes`);
  if (fromHex !== undefined) return fromHex.call(Uint8Array, text.slice(2));
  const out = new Uint8Array(size);
  for (let at = 0; at < out.length; at++) out[at] = Number.parseInt(text.slice(2 + 2 * at, 4 + 2 * at), 16);
  return out;
}

export const address = (text: string): Bytes => unhex(text, 20);

export function base64(bytes: Uint8Array): string {
  const own = (bytes as Spelled).toBase64?.();
  if (own !== undefined) return own;
  let binary = "";
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += PIECE) binary += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(binary);
}

/** Padded standard base64 in its one canonical spelling; of `length` bytes when given. */
export function unbase64(text: string, length?: number): Bytes {
  if (typeof text !== "string") throw new LayoutInvalid("not base64");
  const out = fromBase64 === undefined ? spelledOut(text) : byBrowser(text, fromBase64);
  if (length !== undefined && out.length !== length) throw new LayoutInvalid(`not ${length} bytes`);
  return out;
}

function byBrowser(text: string, decode: NonNullable<typeof fromBase64>): Bytes {
  let out: Bytes;
  try {
    out = decode.call(Uint8Array, text, { lastChunkHandling: "strict" });
  } catch {
    throw new LayoutInvalid("not base64");
  }
  // The browser passes over white space.
  if (text.length !== 4 * Math.ceil(out.length / 3)) throw new LayoutInvalid("base64 is not in canonical form");
  return out;
}

function spelledOut(text: string): Bytes {
  if (!BASE64.test(text)) throw new LayoutInvalid("not base64");
  const binary = atob(text);
  const out = new Uint8Array(binary.length);
  for (let at = 0; at < out.length; at++) out[at] = binary.charCodeAt(at);
  // Only the bits that the last group leaves unused can be spelled otherwise.
  if (base64(out.subarray(out.length - (out.length % 3 || 3))) !== text.slice(-4)) throw new LayoutInvalid("base64 is not in canonical form");
  return out;
}

/** Whether two public values are equal. (Not constant in time: never used on secrets an attacker could probe.) */
export function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

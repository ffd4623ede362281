/** The hash functions of the specification, all from libraries: Keccak by viem, the rest by WebCrypto. */

import { keccak256 } from "viem";

import { concat, utf8, type Bytes } from "./bytes";

export const NO_SALT: Bytes = new Uint8Array(0);

export function keccak(...parts: readonly Uint8Array[]): Bytes {
  return new Uint8Array(keccak256(concat(...parts), "bytes"));
}

export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
}

/** A channel makes hundreds of tags. */
const imported = new WeakMap<Bytes, Promise<CryptoKey>>();

export async function hmacSha256(key: Bytes, data: Bytes): Promise<Bytes> {
  const own =
    imported.get(key) ?? crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  imported.set(key, own);
  return new Uint8Array(await crypto.subtle.sign("HMAC", await own, data));
}

/** HKDF-SHA256; `info` as bytes, or as the text of a domain. */
export async function hkdf(ikm: Bytes, salt: Bytes, info: Bytes | string, length: number): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", ikm, "HKDF", false, ["deriveBits"]);
  const label = typeof info === "string" ? utf8(info) : info;
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info: label }, key, 8 * length),
  );
}


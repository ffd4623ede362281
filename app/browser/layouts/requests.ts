/** Signed requests (L-19). */

import { concat, utf8, type Bytes } from "./bytes";
import { exactly, loads, type JsonObject } from "./canonical";
import { SignatureInvalid } from "./errors";
import { sha256 } from "./hashes";

export const REQUEST_KEYS = [
  "actor", "chainId", "consentRegistry", "ground", "issuedAt", "items", "nonce", "practitioner", "purpose", "sealTo",
  "session",
] as const;

const DOMAIN = utf8("consentry/v1/request");

/** A request's fields. Throws LayoutInvalid unless the bytes are canonical and complete. */
export const parseRequest = (raw: Uint8Array): JsonObject => exactly(loads(raw), REQUEST_KEYS);

export const requestDigest = (raw: Uint8Array): Promise<Bytes> => sha256(DOMAIN, raw);

/** Throws SignatureInvalid unless the session key (65 bytes, uncompressed P-256 point) signed the request. */
export async function checkRequestSignature(sessionKey: Bytes, raw: Uint8Array, signature: Bytes): Promise<void> {
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  let valid: boolean;
  try {
    const key = await crypto.subtle.importKey("raw", sessionKey, curve, false, ["verify"]);
    valid = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, concat(DOMAIN, raw));
  } catch {
    throw new SignatureInvalid("the session key is not a point of P-256");
  }
  if (!valid || signature.length !== 64) throw new SignatureInvalid("the session key did not sign this request");
}

/** Header, sealing, share hash and record digest (L-2 … L-4). */

import { concat, equal, u32, unhex, utf8, type Bytes, type Hex } from "./bytes";
import { dumps, exactly, loads, type Json, type JsonObject } from "./canonical";
import { ShareInvalid } from "./errors";
import { account, cid, code, digest, integer, list, MAX_SEATS, MIN_THRESHOLD, oneOf, time } from "./fields";
import { keccak } from "./hashes";
import { CATEGORIES } from "./words";

export const SUITE = "A256GCM-STREAM64K";

export interface Header {
  readonly author: Hex;
  readonly category: string;
  readonly ciphertextDigest: Hex;
  readonly cid: string;
  readonly confidentiality: string;
  readonly date: string;
  readonly department: string;
  readonly keyCommitment: Hex;
  readonly level: number;
  readonly patient: Hex;
  readonly recordId: Hex;
  readonly replaces: Hex | null;
  readonly suite: string;
  readonly version: number;
}

export interface Sealing {
  readonly committeeVersion: number;
  readonly shareHashes: readonly Hex[];
  readonly threshold: number;
}

const HEADER_KEYS = [
  "author", "category", "ciphertextDigest", "cid", "confidentiality", "date", "department",
  "keyCommitment", "level", "patient", "recordId", "replaces", "suite", "version",
] as const;

/** The header of a JSON object with exactly the fields of L-2. Throws LayoutInvalid. */
export function header(value: Json): Header {
  const from = exactly(value, HEADER_KEYS);
  return {
    author: account(from.author, "author"),
    category: oneOf(from.category, CATEGORIES, "category"),
    ciphertextDigest: digest(from.ciphertextDigest, "ciphertextDigest"),
    cid: cid(from.cid, "cid"),
    confidentiality: oneOf(from.confidentiality, ["N", "R", "V"], "confidentiality"),
    date: time(from.date, "date"),
    department: code(from.department, "department"),
    keyCommitment: digest(from.keyCommitment, "keyCommitment"),
    level: integer(from.level, "level", 1, 4),
    patient: account(from.patient, "patient"),
    recordId: digest(from.recordId, "recordId"),
    replaces: from.replaces === null ? null : digest(from.replaces, "replaces"),
    suite: oneOf(from.suite, [SUITE], "suite"),
    version: integer(from.version, "version", 1),
  };
}

export const parseHeader = (raw: Uint8Array): Header => header(loads(raw));
export const headerBytes = (value: Header): Bytes => dumps(value as unknown as JsonObject);
export const headerHash = (value: Header): Bytes => keccak(headerBytes(value));

/** The sealing of a JSON object with exactly the fields of L-3. Throws LayoutInvalid. */
export function sealing(value: Json): Sealing {
  const from = exactly(value, ["committeeVersion", "shareHashes", "threshold"]);
  const shareHashes = list(from.shareHashes, "shareHashes", MIN_THRESHOLD, MAX_SEATS);
  return {
    committeeVersion: integer(from.committeeVersion, "committeeVersion", 1),
    shareHashes: shareHashes.map((hash) => digest(hash, "shareHashes")),
    threshold: integer(from.threshold, "threshold", MIN_THRESHOLD, shareHashes.length),
  };
}

export const parseSealing = (raw: Uint8Array): Sealing => sealing(loads(raw));
export const sealingBytes = (value: Sealing): Bytes => dumps(value as unknown as JsonObject);
export const sealingHash = (value: Sealing): Bytes => keccak(sealingBytes(value));

/** The hash of the share at a seat; `binding` is the record id, or a seed's commitment. */
export function shareHash(binding: Uint8Array, seat: number, share: Uint8Array): Bytes {
  return keccak(utf8("consentry/v1/share-hash"), binding, u32(seat), share);
}

/** Throws ShareInvalid unless the share at this seat is the one that was sealed. */
export function checkShare(expected: Hex | undefined, binding: Uint8Array, seat: number, share: Uint8Array): void {
  const found = shareHash(binding, seat, share);
  if (expected === undefined || !equal(unhex(expected, 32), found)) {
    throw new ShareInvalid(`the share of seat ${seat} is not the one that was sealed`);
  }
}

export function recordDigest(recordId: Uint8Array, hashOfHeader: Uint8Array, hashOfSealing: Uint8Array): Bytes {
  return keccak(concat(utf8("consentry/v1/record"), recordId, hashOfHeader, hashOfSealing));
}

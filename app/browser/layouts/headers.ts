/** Header, sealing, share hash and record digest (L-2 … L-4). */

import { address, concat, u32, unhex, utf8, type Bytes, type Hex } from "./bytes";
import { dumps, exactly, loads, type Json, type JsonObject } from "./canonical";
import { LayoutInvalid, ShareInvalid } from "./errors";
import { keccak } from "./hashes";
import { secondsOf } from "./times";

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

function text(value: Json | undefined): string {
  if (typeof value !== "string" || value === "") throw new LayoutInvalid("field is not a text");
  return value;
}

function integer(value: Json | undefined): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new LayoutInvalid("field is not a non-negative integer");
  }
  return value;
}

function digest(value: Json | undefined): Hex {
  unhex(text(value), 32);
  return value as Hex;
}

function account(value: Json | undefined): Hex {
  address(text(value));
  return value as Hex;
}

/** The header of a JSON object with exactly the fields of L-2. Throws LayoutInvalid. */
export function header(value: Json): Header {
  const from = exactly(value, HEADER_KEYS);
  secondsOf(text(from.date));
  if (from.suite !== SUITE) throw new LayoutInvalid("unknown suite");
  if (typeof from.department !== "string") throw new LayoutInvalid("department is not a text");
  return {
    author: account(from.author),
    category: text(from.category),
    ciphertextDigest: digest(from.ciphertextDigest),
    cid: text(from.cid),
    confidentiality: text(from.confidentiality),
    date: text(from.date),
    department: from.department,
    keyCommitment: digest(from.keyCommitment),
    level: integer(from.level),
    patient: account(from.patient),
    recordId: digest(from.recordId),
    replaces: from.replaces === null ? null : digest(from.replaces),
    suite: SUITE,
    version: integer(from.version),
  };
}

export const parseHeader = (raw: Uint8Array): Header => header(loads(raw));
export const headerBytes = (value: Header): Bytes => dumps(value as unknown as JsonObject);
export const headerHash = (value: Header): Bytes => keccak(headerBytes(value));

/** The sealing of a JSON object with exactly the fields of L-3. Throws LayoutInvalid. */
export function sealing(value: Json): Sealing {
  const from = exactly(value, ["committeeVersion", "shareHashes", "threshold"]);
  if (!Array.isArray(from.shareHashes)) throw new LayoutInvalid("shareHashes is not a list");
  return {
    committeeVersion: integer(from.committeeVersion),
    shareHashes: from.shareHashes.map(digest),
    threshold: integer(from.threshold),
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
  if (expected === undefined || !unhex(expected, 32).every((byte, at) => byte === found[at])) {
    throw new ShareInvalid(`the share of seat ${seat} is not the one that was sealed`);
  }
}

export function recordDigest(recordId: Uint8Array, hashOfHeader: Uint8Array, hashOfSealing: Uint8Array): Bytes {
  return keccak(concat(utf8("consentry/v1/record"), recordId, hashOfHeader, hashOfSealing));
}

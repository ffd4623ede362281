/** Statements: which receipts a keeper has about a patient, in its signed word (L-24). */

import { concat, u256, unhex, utf8, type Bytes, type Hex } from "./bytes";
import { loadObject } from "./canonical";
import { LayoutInvalid, SignatureInvalid } from "./errors";
import { account, digest, integer, list, time } from "./fields";
import { keccak } from "./hashes";
import { recoverSigner } from "./signatures";

const MAX_BYTES = 8192;
const MAX_SEQS = 200;

const KEYS = [
  "after", "chainId", "committedUntil", "digest", "keeper", "last", "patient", "query", "seqs", "time", "until", "version",
];

export interface Statement {
  /** Numbers from here … */
  readonly after: number;
  readonly chainId: number;
  readonly committedUntil: number;
  /** `valuesDigest` of the receipts. */
  readonly digest: Hex;
  readonly keeper: Hex;
  /** Then `until` is how many receipts the keeper had. */
  readonly last: boolean;
  readonly patient: Hex;
  /** Digest of the query that it answers. */
  readonly query: Hex;
  readonly seqs: readonly number[];
  readonly time: string;
  /** … to before here. */
  readonly until: number;
  readonly version: 1;
}

/** The statement of canonical bytes. Throws LayoutInvalid. */
export function parseStatement(raw: Uint8Array): Statement {
  if (raw.length > MAX_BYTES) throw new LayoutInvalid("a statement has at most 8,192 bytes");
  const from = loadObject(raw, KEYS);
  const after = integer(from.after, "after");
  const until = integer(from.until, "until", after);
  const committedUntil = integer(from.committedUntil, "committedUntil");
  if (typeof from.last !== "boolean") throw new LayoutInvalid("last: not true or false");
  if (from.last && committedUntil > until) throw new LayoutInvalid("committedUntil: more than there are");
  let next = after;
  const seqs = list(from.seqs, "seqs", 0, MAX_SEQS).map((one) => {
    const seq = integer(one, "seqs", next, until - 1);
    next = seq + 1;
    return seq;
  });
  integer(from.version, "version", 1, 1);
  return {
    after,
    chainId: integer(from.chainId, "chainId", 1),
    committedUntil,
    digest: digest(from.digest, "digest"),
    keeper: account(from.keeper, "keeper"),
    last: from.last,
    patient: account(from.patient, "patient"),
    query: digest(from.query, "query"),
    seqs,
    time: time(from.time, "time"),
    until,
    version: 1,
  };
}

/** What stands for receipts, by their Merkle values in order. */
export const valuesDigest = (values: readonly Bytes[]): Bytes =>
  keccak(concat(utf8("consentry/v1/statement-values"), ...values));

export const statementDigest = (chainId: number | bigint, raw: Uint8Array): Bytes =>
  keccak(concat(utf8("consentry/v1/statement-signature"), u256(chainId), raw));

/** Throws SignatureInvalid unless `keeper` signed the statement. */
export async function checkStatementSignature(
  chainId: number | bigint,
  raw: Uint8Array,
  signature: Bytes,
  keeper: Hex,
): Promise<void> {
  unhex(keeper, 20);
  if ((await recoverSigner(statementDigest(chainId, raw), signature)) !== keeper) {
    throw new SignatureInvalid("another account signed this statement");
  }
}

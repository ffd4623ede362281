/** Receipts: fields, Merkle value, who signed (K-6, L-18). */

import { concat, u256, unhex, utf8, type Bytes, type Hex } from "./bytes";
import { exactly, loads, type Json, type JsonObject } from "./canonical";
import { LayoutInvalid, SignatureInvalid } from "./errors";
import { account, cid, digest, hexOf, integer, oneOf, orNull, time } from "./fields";
import { keccak } from "./hashes";
import { recoverSigner } from "./signatures";
import { CATEGORIES, PURPOSES, REFUSAL_REASONS } from "./words";

const MAX_BYTES = 4096;

const KEYS = [
  "actor", "chainId", "category", "committeeVersion", "consentId", "decision", "episode", "ground", "item", "keeper",
  "member", "patient", "practitioner", "purpose", "reason", "requestDigest", "salt", "seq", "time", "version",
];

export type ReceiptItem =
  | { readonly type: "record"; readonly recordId: Hex }
  | { readonly type: "seed"; readonly documentCid: string };

export interface Receipt {
  readonly actor: Hex;
  readonly chainId: number;
  readonly category: string;
  readonly committeeVersion: number;
  /** Only under CONSENT. */
  readonly consentId: Hex | null;
  readonly decision: "released" | "refused";
  /** Who asserted a current episode, if anybody did. */
  readonly episode: Hex | null;
  readonly ground: "SELF" | "CONSENT" | "EMERGENCY";
  readonly item: ReceiptItem;
  readonly keeper: Hex;
  /** Null on the patient's side. */
  readonly member: Hex | null;
  /** Only under SELF, of the mandate by which somebody asks for the patient. */
  readonly mandateId: Hex | null;
  /** Only under EMERGENCY. */
  readonly openingId: Hex | null;
  readonly patient: Hex;
  readonly practitioner: Hex | null;
  readonly purpose: string;
  readonly reason: string;
  readonly requestDigest: Hex;
  readonly salt: Hex;
  readonly seq: number;
  readonly time: string;
  readonly version: 1;
}

function item(value: Json): ReceiptItem {
  if ((value as JsonObject | null)?.type === "record") {
    const from = exactly(value, ["recordId", "type"]);
    return { type: "record", recordId: digest(from.recordId, "item.recordId") };
  }
  const from = exactly(value, ["documentCid", "type"]);
  oneOf(from.type, ["seed"], "item.type");
  return { type: "seed", documentCid: cid(from.documentCid, "item.documentCid") };
}

/** The object, where `openingId` and `mandateId` stand only if there is one. */
function loadReceipt(raw: Uint8Array): JsonObject {
  const read = loads(raw);
  const named = ["openingId", "mandateId"].filter((key) => (read as JsonObject | null)?.[key] !== undefined);
  return exactly(read, [...KEYS, ...named]);
}

/** The receipt of canonical bytes. Throws LayoutInvalid. */
export function parseReceipt(raw: Uint8Array): Receipt {
  if (raw.length > MAX_BYTES) throw new LayoutInvalid("a receipt has at most 4,096 bytes");
  const from = loadReceipt(raw);
  const decision = oneOf(from.decision, ["released", "refused"], "decision") as Receipt["decision"];
  const ground = oneOf(from.ground, ["SELF", "CONSENT", "EMERGENCY"], "ground") as Receipt["ground"];
  const consentId = orNull(from.consentId, "consentId", digest);
  if ((consentId !== null) !== (ground === "CONSENT")) throw new LayoutInvalid("consentId stands exactly under CONSENT");
  const mandateId = from.mandateId === undefined ? null : digest(from.mandateId, "mandateId");
  if (mandateId !== null && ground !== "SELF") throw new LayoutInvalid("mandateId stands only under SELF");
  const openingId = from.openingId === undefined ? null : digest(from.openingId, "openingId");
  if ((openingId !== null) !== (ground === "EMERGENCY")) throw new LayoutInvalid("openingId stands exactly under EMERGENCY");
  const episode = orNull(from.episode, "episode", account);
  if (episode !== null && ground !== "CONSENT") throw new LayoutInvalid("episode stands only under CONSENT");
  integer(from.version, "version", 1, 1);
  return {
    actor: account(from.actor, "actor"),
    chainId: integer(from.chainId, "chainId", 1),
    category: oneOf(from.category, CATEGORIES, "category"),
    committeeVersion: integer(from.committeeVersion, "committeeVersion", 1),
    consentId,
    decision,
    episode,
    ground,
    item: item(from.item as Json),
    keeper: account(from.keeper, "keeper"),
    member: orNull(from.member, "member", account),
    mandateId,
    openingId,
    patient: account(from.patient, "patient"),
    practitioner: orNull(from.practitioner, "practitioner", account),
    purpose: oneOf(from.purpose, PURPOSES, "purpose"),
    reason: oneOf(from.reason, decision === "released" ? ["Permitted"] : REFUSAL_REASONS, "reason"),
    requestDigest: digest(from.requestDigest, "requestDigest"),
    salt: hexOf(from.salt, "salt", 16),
    seq: integer(from.seq, "seq"),
    time: time(from.time, "time"),
    version: 1,
  };
}

export const receiptValue = (raw: Uint8Array): Bytes => keccak(utf8("consentry/v1/receipt"), raw);

export const receiptSigningDigest = (chainId: number | bigint, raw: Uint8Array): Bytes =>
  keccak(concat(utf8("consentry/v1/receipt-signature"), u256(chainId), raw));

/** Throws SignatureInvalid unless `keeper` signed the receipt. */
export async function checkReceiptSignature(
  chainId: number | bigint,
  raw: Uint8Array,
  signature: Bytes,
  keeper: Hex,
): Promise<void> {
  unhex(keeper, 20);
  if ((await recoverSigner(receiptSigningDigest(chainId, raw), signature)) !== keeper) {
    throw new SignatureInvalid("another account signed this receipt");
  }
}

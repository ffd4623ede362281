/** Receipts: Merkle value, signing digest, who signed (L-18). */

import { recoverAddress } from "viem";

import { concat, hex, u256, unhex, utf8, type Bytes, type Hex } from "./bytes";
import { loadObject, type JsonObject } from "./canonical";
import { SignatureInvalid } from "./errors";
import { keccak } from "./hashes";

export const RECEIPT_KEYS = [
  "actor", "chainId", "category", "committeeVersion", "consentId", "decision", "ground", "item", "keeper", "member",
  "patient", "practitioner", "purpose", "reason", "requestDigest", "salt", "seq", "time", "version",
] as const;

const HALF_ORDER = BigInt("0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

/** A receipt's fields. Throws LayoutInvalid unless the bytes are canonical and complete. */
export const parseReceipt = (raw: Uint8Array): JsonObject => loadObject(raw, RECEIPT_KEYS);

export const receiptValue = (raw: Uint8Array): Bytes => keccak(utf8("consentry/v1/receipt"), raw);

export const receiptSigningDigest = (chainId: number | bigint, raw: Uint8Array): Bytes =>
  keccak(concat(utf8("consentry/v1/receipt-signature"), u256(chainId), raw));

/** Who signed a digest: 65 bytes r ‖ s ‖ v, v 27 or 28, low s. Throws SignatureInvalid. */
export async function recoverSigner(digest: Bytes, signature: Bytes): Promise<Hex> {
  if (signature.length !== 65) throw new SignatureInvalid("a signature has 65 bytes");
  if (signature[64] !== 27 && signature[64] !== 28) throw new SignatureInvalid("v is 27 or 28");
  if (BigInt(hex(signature.subarray(32, 64))) > HALF_ORDER) throw new SignatureInvalid("s is not low");
  try {
    return (await recoverAddress({ hash: hex(digest), signature: hex(signature) })).toLowerCase() as Hex;
  } catch {
    throw new SignatureInvalid("no key gives this signature");
  }
}

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

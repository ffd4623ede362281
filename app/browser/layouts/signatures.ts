/** Signatures of accounts: secp256k1, 65 bytes r ‖ s ‖ v, low s (C-4). */

import { recoverAddress } from "viem";

import { hex, type Bytes, type Hex } from "./bytes";
import { SignatureInvalid } from "./errors";

const HALF_ORDER = BigInt("0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

/** r is that of the base point; any signature from which a key can be recovered does. */
const SAMPLE = {
  hash: `0x${"2".padStart(64, "0")}`,
  signature: `0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798${"1".padStart(64, "0")}1b`,
} as const;

let loading: Promise<unknown> | null = null;

/** Loads the code that recovers keys, which viem imports when it is first used. Rejects where it does not come; the next call tries again. */
export async function loadSignatures(): Promise<void> {
  loading ??= recoverAddress(SAMPLE).catch((error: unknown) => {
    loading = null;
    throw error;
  });
  await loading;
}

/** Who signed a digest. Throws SignatureInvalid for another length, a high s, a v other than 27 or 28, or no such key. */
export async function recoverSigner(digest: Bytes, signature: Bytes): Promise<Hex> {
  if (signature.length !== 65) throw new SignatureInvalid("a signature has 65 bytes");
  if (signature[64] !== 27 && signature[64] !== 28) throw new SignatureInvalid("v is 27 or 28");
  if (BigInt(hex(signature.subarray(32, 64))) > HALF_ORDER) throw new SignatureInvalid("s is not low");
  await loadSignatures(); // what does not load is no bad signature
  try {
    return (await recoverAddress({ hash: hex(digest), signature: hex(signature) })).toLowerCase() as Hex;
  } catch {
    throw new SignatureInvalid("no key gives this signature");
  }
}

/** Signatures of accounts: secp256k1, 65 bytes r ‖ s ‖ v, low s (C-4). */

import { recoverAddress } from "viem";

import { hex, type Bytes, type Hex } from "./bytes";
import { SignatureInvalid } from "./errors";

const HALF_ORDER = BigInt("0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

/** Who signed a digest. Throws SignatureInvalid for another length, a high s, a v other than 27 or 28, or no such key. */
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

/** Shamir's secret sharing over GF(2⁸), by the audited library whose format L-10 names. */

import { combine as combineShares, split as splitSecret } from "shamir-secret-sharing";

import type { Bytes } from "./bytes";
import { LayoutInvalid, ShareInvalid } from "./errors";

export const SHARE_BYTES = 33;

/** `count` shares of 33 bytes, any `threshold` of which give the 32-byte secret. */
export async function split(secret: Bytes, count: number, threshold: number): Promise<Bytes[]> {
  if (secret.length !== 32) throw new LayoutInvalid("a secret has 32 bytes");
  return (await splitSecret(secret, count, threshold)).map((share) => new Uint8Array(share));
}

/** The secret of shares; fewer than the threshold give another value, which only its commitment tells apart. */
export async function combine(shares: readonly Bytes[]): Promise<Bytes> {
  if (shares.some((share) => share.length !== SHARE_BYTES)) throw new ShareInvalid("a share has 33 bytes");
  // The library takes place 0, where the polynomial is the secret itself: whoever sent such a share would choose the key.
  if (shares.some((share) => share[SHARE_BYTES - 1] === 0)) throw new ShareInvalid("a share's place is 1 to 255");
  try {
    return new Uint8Array(await combineShares([...shares]));
  } catch {
    throw new ShareInvalid("the shares cannot be combined");
  }
}

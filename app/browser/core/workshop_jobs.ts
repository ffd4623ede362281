/** Work that takes a processor some milliseconds each, and comes by the thousand: done where nobody waits for the page. */

import type { Bytes, Hex } from "../layouts/bytes";
import { LayoutError, SealInvalid, SignatureInvalid } from "../layouts/errors";
import { open } from "../layouts/hpke";
import { checkReceiptSignature } from "../layouts/receipts";

export type Job =
  | { readonly kind: "open"; readonly seed: Bytes; readonly info: Bytes; readonly sealed: Bytes }
  | { readonly kind: "receipt"; readonly chainId: number; readonly raw: Bytes; readonly signature: Bytes; readonly keeper: Hex };

/** What was sealed, nothing of a signature that holds; or that it does not hold. */
export type Done = { readonly holds: true; readonly bytes: Bytes | null } | { readonly holds: false };

export async function work(job: Job): Promise<Done> {
  try {
    if (job.kind === "open") return { holds: true, bytes: await open(job.seed, job.info, job.sealed) };
    await checkReceiptSignature(job.chainId, job.raw, job.signature, job.keeper);
    return { holds: true, bytes: null };
  } catch (error) {
    if (error instanceof LayoutError) return { holds: false };
    throw error;
  }
}

/** As layouts/hpke.open gives and throws it. */
export function openedOf(done: Done): Bytes {
  if (!done.holds || done.bytes === null) throw new SealInvalid();
  return done.bytes;
}

/** As layouts/receipts.checkReceiptSignature throws it. */
export function requireHolds(done: Done): void {
  if (!done.holds) throw new SignatureInvalid("another account signed this receipt");
}

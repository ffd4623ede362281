/** Work that takes a processor some milliseconds each, and comes by the thousand: done where nobody waits for the page. */

import type { Bytes, Hex } from "../layouts/bytes";
import { LayoutError, SealInvalid, SignatureInvalid } from "../layouts/errors";
import { open } from "../layouts/hpke";
import { checkReceiptSignature } from "../layouts/receipts";
import { checkEntry, type Checked, type Stored, type Wanted } from "./entry_checks";

export type Job =
  | { readonly kind: "open"; readonly seed: Bytes; readonly info: Bytes; readonly sealed: Bytes }
  | { readonly kind: "entry"; readonly row: Stored; readonly wanted: Wanted }
  | { readonly kind: "receipt"; readonly chainId: number; readonly raw: Bytes; readonly signature: Bytes; readonly keeper: Hex };

/** What was sealed, what an entry is, nothing of a signature that holds; or that it does not hold. */
export type Done =
  | { readonly kind: "opened"; readonly bytes: Bytes }
  | { readonly kind: "checked"; readonly checked: Checked }
  | { readonly kind: "holds" }
  | { readonly kind: "fails" };

export async function work(job: Job): Promise<Done> {
  try {
    if (job.kind === "open") return { kind: "opened", bytes: await open(job.seed, job.info, job.sealed) };
    if (job.kind === "entry") return { kind: "checked", checked: await checkEntry(job.row, job.wanted) };
    await checkReceiptSignature(job.chainId, job.raw, job.signature, job.keeper);
    return { kind: "holds" };
  } catch (error) {
    if (error instanceof LayoutError) return { kind: "fails" };
    throw error;
  }
}

/** As layouts/hpke.open gives and throws it. */
export function openedOf(done: Done): Bytes {
  if (done.kind !== "opened") throw new SealInvalid();
  return done.bytes;
}

/** As entry_checks.checkEntry gives it; what it cannot even read is not what its author put there. */
export const checkedOf = (done: Done): Checked => (done.kind === "checked" ? done.checked : "entry-corrupt");

/** As layouts/receipts.checkReceiptSignature throws it. */
export function requireHolds(done: Done): void {
  if (done.kind !== "holds") throw new SignatureInvalid("another account signed this receipt");
}

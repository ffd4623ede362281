/** From shares and ciphertext to a record in the clear, each step checked (specification S-1 … S-3, G-3). */

import { hex, unhex, type Bytes } from "../layouts/bytes";
import type { Entry } from "../layouts/entries";
import { checkCommitment, deriveEnvelopeKey, open } from "../layouts/envelope";
import { LayoutError } from "../layouts/errors";
import { sha256 } from "../layouts/hashes";
import { combine } from "../layouts/shamir";
import { Problem } from "./api";
import { parsed } from "./decimals";
import { MISSING } from "./documents";
import type { FhirBundle } from "./fhir";
import type { Incomplete } from "./incomplete";

/** A phone holds no more of one record, and of all together. */
const MOST_RECORD_BYTES = 32 * 1024 * 1024;
export const MOST_BYTES = 256 * 1024 * 1024;

/** How much content the answer still takes. */
export interface Room {
  left: number;
}

/** What a record holds, or why it cannot be opened. `content` gives its ciphertext, of at most so many bytes. Throws what that throws. */
export async function openRecord(
  { header, sealing }: Entry,
  shares: ReadonlyMap<number, Bytes>,
  room: Room,
  content: (most: number) => Promise<Bytes>,
): Promise<FhirBundle | Incomplete["kind"]> {
  try {
    const chosen = [...shares].sort(([left], [right]) => left - right).slice(0, sealing.threshold);
    const recordKey = await combine(chosen.map(([, share]) => share));
    const key = await deriveEnvelopeKey(recordKey, unhex(header.recordId, 32), header.suite);
    checkCommitment(key, unhex(header.keyCommitment, 32));
    const most = Math.min(MOST_RECORD_BYTES, room.left);
    const ciphertext = await content(most);
    room.left -= ciphertext.length;
    if (hex(await sha256(ciphertext)) !== header.ciphertextDigest) return "content-corrupt";
    return bundleOf(await open(ciphertext, key.encryption));
  } catch (error) {
    if (error instanceof LayoutError) return "content-corrupt";
    if (error instanceof Problem && error.code === "blob-too-large") return "content-too-large";
    if (error instanceof Problem && MISSING.has(error.code)) return "content-missing";
    throw error;
  }
}

function bundleOf(plaintext: Bytes): FhirBundle | "content-corrupt" {
  try {
    const found = parsed(new TextDecoder("utf-8", { fatal: true }).decode(plaintext)) as FhirBundle | null;
    return found?.resourceType === "Bundle" ? found : "content-corrupt";
  } catch {
    return "content-corrupt";
  }
}

/** Envelopes: STREAM over AES-256-GCM in chunks of 64 KiB (L-6). */

import { concat, str, unsigned, utf8, type Bytes } from "./bytes";
import { EnvelopeCorrupt, KeyCommitmentMismatch } from "./errors";
import { hkdf } from "./hashes";
import { SUITE } from "./headers";

export const CHUNK_BYTES = 65_536;
const TAG_BYTES = 16;

export interface EnvelopeKey {
  readonly encryption: Bytes;
  readonly commitment: Bytes;
}

/** The encryption key and the commitment of a record key. */
export async function deriveEnvelopeKey(recordKey: Bytes, recordId: Bytes, suite: string = SUITE): Promise<EnvelopeKey> {
  const both = await hkdf(recordKey, recordId, concat(utf8("consentry/v1/envelope"), str(suite)), 64);
  return { encryption: both.slice(0, 32), commitment: both.slice(32) };
}

/** Throws KeyCommitmentMismatch unless the header commits to this key. */
export function checkCommitment(key: EnvelopeKey, committed: Bytes): void {
  if (committed.length !== 32 || committed.some((byte, at) => byte !== key.commitment[at])) {
    throw new KeyCommitmentMismatch();
  }
}

const aes = (key: Bytes, usage: "encrypt" | "decrypt"): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", key, "AES-GCM", false, [usage]);

const parameters = (index: number, last: boolean): AesGcmParams => ({
  name: "AES-GCM",
  iv: concat(unsigned(index, 11), new Uint8Array([last ? 1 : 0])),
});

const chunkCount = (bytes: number, width: number): number => Math.max(1, Math.ceil(bytes / width));

export async function seal(plaintext: Bytes, encryption: Bytes): Promise<Bytes> {
  const key = await aes(encryption, "encrypt");
  const count = chunkCount(plaintext.length, CHUNK_BYTES);
  const out: Bytes[] = [];
  for (let at = 0; at < count; at++) {
    const chunk = plaintext.subarray(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES);
    out.push(new Uint8Array(await crypto.subtle.encrypt(parameters(at, at === count - 1), key, chunk)));
  }
  return concat(...out);
}

/** The genuine chunks in order; throws EnvelopeCorrupt at the first that is not, before any of its plaintext is out. */
export async function* openChunks(envelope: Bytes, encryption: Bytes): AsyncGenerator<Bytes, void, void> {
  const key = await aes(encryption, "decrypt");
  const width = CHUNK_BYTES + TAG_BYTES;
  const count = chunkCount(envelope.length, width);
  for (let at = 0; at < count; at++) {
    const chunk = envelope.subarray(at * width, (at + 1) * width);
    // An empty chunk is only ever the single one of an empty plaintext.
    if (chunk.length < TAG_BYTES || (chunk.length === TAG_BYTES && count > 1)) {
      throw new EnvelopeCorrupt(`chunk ${at} is cut short`);
    }
    let plaintext: ArrayBuffer;
    try {
      plaintext = await crypto.subtle.decrypt(parameters(at, at === count - 1), key, chunk);
    } catch {
      throw new EnvelopeCorrupt(`chunk ${at} fails its authentication`);
    }
    yield new Uint8Array(plaintext);
  }
}

/** The whole plaintext, only if every chunk is genuine, in place, and the last one is the last. */
export async function open(envelope: Bytes, encryption: Bytes): Promise<Bytes> {
  const out: Bytes[] = [];
  for await (const chunk of openChunks(envelope, encryption)) out.push(chunk);
  return concat(...out);
}

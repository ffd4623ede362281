/** What a category seed gives: channel key, entry key, commitment; channels and tags (L-11 … L-14). */

import { concat, u32, u64, type Bytes } from "./bytes";
import { hkdf, hmacSha256, NO_SALT } from "./hashes";
import { publicKey } from "./hpke";
import { x25519, x25519Public } from "./x25519";

export interface CategorySecret {
  /** X25519, 32 bytes. */
  readonly channelPrivate: Bytes;
  /** The X-Wing private key, which is its seed, 32 bytes. */
  readonly entryPrivate: Bytes;
  readonly commitment: Bytes;
}

/** L-12. */
export const seedCommitment = (seed: Bytes): Promise<Bytes> =>
  hkdf(seed, NO_SALT, "consentry/v1/seed-commitment", 32);

/** L-11 and L-12. */
export async function derive(seed: Bytes): Promise<CategorySecret> {
  const [channelPrivate, entryPrivate, commitment] = await Promise.all([
    hkdf(seed, NO_SALT, "consentry/v1/channel-key", 32),
    hkdf(seed, NO_SALT, "consentry/v1/entry-key", 32),
    seedCommitment(seed),
  ]);
  return { channelPrivate, entryPrivate, commitment };
}

/** The public halves of a category seed. */
export async function publicKeys(secret: CategorySecret): Promise<{ channelKey: Bytes; entryKey: Bytes }> {
  return { channelKey: await x25519Public(secret.channelPrivate), entryKey: await publicKey(secret.entryPrivate) };
}

/** L-13, from either side; `info` is `channelInfo(…)`. */
export async function channel(privateKey: Bytes, publicPoint: Bytes, info: Bytes): Promise<Bytes> {
  return hkdf(await x25519(privateKey, publicPoint), NO_SALT, info, 32);
}

/** L-14. */
export const tag = (channelSecret: Bytes, lineage: number, j: number | bigint): Promise<Bytes> =>
  hmacSha256(channelSecret, concat(u32(lineage), u64(j)));

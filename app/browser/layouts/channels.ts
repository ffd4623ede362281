/** What a category seed gives: channel key, entry key, commitment; channels and tags (L-11 … L-14). */

import { concat, u32, u64, type Bytes } from "./bytes";
import { LayoutInvalid } from "./errors";
import { hkdf, hmacSha256, NO_SALT } from "./hashes";
import { publicKey } from "./hpke";

export interface CategorySecret {
  /** X25519, 32 bytes. */
  readonly channelPrivate: Bytes;
  /** The X-Wing private key, which is its seed, 32 bytes. */
  readonly entryPrivate: Bytes;
  readonly commitment: Bytes;
}

// RFC 8410: what stands before the 32 bytes of an X25519 private key in PKCS #8.
const PKCS8_PREFIX = new Uint8Array([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 110, 4, 34, 4, 32]);
const BASE_POINT = concat(new Uint8Array([9]), new Uint8Array(31));

/** X25519 by WebCrypto. An all-zero result is refused (RFC 7748, section 6.1). */
export async function x25519(privateKey: Bytes, publicPoint: Bytes): Promise<Bytes> {
  const algorithm = { name: "X25519" };
  try {
    const own = await crypto.subtle.importKey("pkcs8", concat(PKCS8_PREFIX, privateKey), algorithm, false, [
      "deriveBits",
    ]);
    const other = await crypto.subtle.importKey("raw", publicPoint, algorithm, false, []);
    const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: other }, own, 256));
    if (shared.every((byte) => byte === 0)) throw new LayoutInvalid("all-zero shared secret");
    return shared;
  } catch {
    throw new LayoutInvalid("the X25519 keys give no shared secret");
  }
}

export const x25519Public = (privateKey: Bytes): Promise<Bytes> => x25519(privateKey, BASE_POINT);

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

/** X25519 by WebCrypto (RFC 7748). */

import { concat, type Bytes } from "./bytes";
import { LayoutInvalid } from "./errors";

// RFC 8410: what stands before the 32 bytes of an X25519 private key in PKCS #8.
const PKCS8_PREFIX = new Uint8Array([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 110, 4, 34, 4, 32]);
const BASE_POINT = concat(new Uint8Array([9]), new Uint8Array(31));

/** An all-zero result is refused (RFC 7748, section 6.1). Throws LayoutInvalid. */
export async function x25519(privateKey: Uint8Array, publicPoint: Uint8Array): Promise<Bytes> {
  const algorithm = { name: "X25519" };
  try {
    const [own, other] = await Promise.all([
      crypto.subtle.importKey("pkcs8", concat(PKCS8_PREFIX, privateKey), algorithm, false, ["deriveBits"]),
      crypto.subtle.importKey("raw", concat(publicPoint), algorithm, false, []),
    ]);
    const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: other }, own, 256));
    if (shared.every((byte) => byte === 0)) throw new LayoutInvalid("all-zero shared secret");
    return shared;
  } catch {
    throw new LayoutInvalid("the X25519 keys give no shared secret");
  }
}

export const x25519Public = (privateKey: Uint8Array): Promise<Bytes> => x25519(privateKey, BASE_POINT);

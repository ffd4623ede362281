/** HPKE base mode with X-Wing, HKDF-SHA256 and AES-256-GCM (L-7); sealed = enc (1,120 bytes) ‖ ciphertext. */

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";

import { concat, type Bytes } from "./bytes";
import { SealInvalid } from "./errors";
import { Kem } from "./xwing";

export const ENC_BYTES = 1120;
export const PUBLIC_KEY_BYTES = 1216;

const KEM = new Kem();
const SUITE = new CipherSuite({ kem: KEM, kdf: new HkdfSha256(), aead: new Aes256Gcm() });

// The library reads whole buffers, so what it gets must not be a view into a larger one.
const whole = (bytes: Uint8Array): ArrayBuffer => concat(bytes).buffer;

/** The public key (1,216 bytes) of a 32-byte seed. */
export async function publicKey(seed: Bytes): Promise<Bytes> {
  const pair = await KEM.generateKeyPairDerand(concat(seed));
  return new Uint8Array(await KEM.serializePublicKey(pair.publicKey));
}

/** Throws SealInvalid when the recipient's key is not one. */
export async function seal(recipient: Bytes, info: Bytes, plaintext: Bytes): Promise<Bytes> {
  try {
    const recipientPublicKey = await KEM.deserializePublicKey(whole(recipient));
    const sender = await SUITE.createSenderContext({ recipientPublicKey, info: whole(info) });
    const ciphertext = await sender.seal(whole(plaintext));
    return concat(new Uint8Array(sender.enc), new Uint8Array(ciphertext));
  } catch {
    throw new SealInvalid("cannot seal to this key");
  }
}

/** Throws SealInvalid when the value was sealed to another key or for another place, or was altered. */
export async function open(seed: Bytes, info: Bytes, sealed: Bytes): Promise<Bytes> {
  try {
    const recipientKey = await KEM.deserializePrivateKey(whole(seed));
    const enc = whole(sealed.subarray(0, ENC_BYTES));
    const recipient = await SUITE.createRecipientContext({ recipientKey, enc, info: whole(info) });
    return new Uint8Array(await recipient.open(whole(sealed.subarray(ENC_BYTES))));
  } catch {
    throw new SealInvalid();
  }
}

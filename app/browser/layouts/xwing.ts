/**
 * X-Wing by the library, its parts by the browser where it has them: X25519 always, ML-KEM-768 (FIPS 203, WebCrypto's modern
 * algorithms) in browsers that know it. A private key is expanded once, not with each value that is opened, until the sign-in ends.
 */

import { XWing } from "@hpke/hybridkem-x-wing";

import { concat, type Bytes } from "./bytes";
import { whenKeysEnd } from "./keys_end";
import { x25519, x25519Public } from "./x25519";

/** A reading holds a key for each category of each directory, and one for each request. */
const MOST_KEYS = 256;
const ALGORITHM = { name: "ML-KEM-768" };

/** What TypeScript does not know of WebCrypto yet. */
interface Decapsulating {
  importKey(format: "raw-seed", seed: Bytes, algorithm: typeof ALGORITHM, extractable: false, uses: readonly ["decapsulateBits"]): Promise<CryptoKey>;
  decapsulateBits?(algorithm: typeof ALGORITHM, key: CryptoKey, ciphertext: Bytes): Promise<ArrayBuffer>;
}

const subtle = crypto.subtle as unknown as Decapsulating;

/** The same result for the same bytes, as long as it is one of the latest and the sign-in lasts. */
function remembered<R>(make: (from: Bytes) => Promise<R>): (from: Uint8Array) => Promise<R> {
  const known = new Map<string, Promise<R>>();
  whenKeysEnd(() => known.clear());
  return (from) => {
    const bytes = concat(from);
    const name = String.fromCharCode(...bytes);
    const before = known.get(name);
    if (before !== undefined) return before;
    const made = make(bytes);
    const [oldest] = known.size < MOST_KEYS ? [] : known.keys();
    if (oldest !== undefined) known.delete(oldest);
    known.set(name, made);
    return made;
  };
}

/** The browser's own key of this seed; null where it has no ML-KEM. */
async function native(seed: Bytes): Promise<CryptoKey | null> {
  if (subtle.decapsulateBits === undefined) return null;
  try {
    return await subtle.importKey("raw-seed", seed, ALGORITHM, false, ["decapsulateBits"]);
  } catch {
    return null; // it knows ML-KEM in other sizes alone
  }
}

export class Kem extends XWing {
  constructor() {
    super();
    const [mlKem, curve] = [this._m, this._x25519];
    const own = new WeakMap<Uint8Array, CryptoKey>();
    const [expand, decapsulate] = [mlKem.deriveKeyPair.bind(mlKem), mlKem.decap.bind(mlKem)];
    mlKem.deriveKeyPair = remembered(async (seed) => {
      const [[publicKey, privateKey], key] = await Promise.all([expand(seed), native(seed)]);
      if (key !== null) own.set(privateKey, key);
      return [publicKey, privateKey];
    });
    mlKem.decap = async (ciphertext, privateKey) => {
      const key = own.get(privateKey);
      if (key === undefined || subtle.decapsulateBits === undefined) return decapsulate(ciphertext, privateKey);
      return new Uint8Array(await subtle.decapsulateBits(ALGORITHM, key, concat(ciphertext)));
    };
    const publicPoint = remembered(x25519Public);
    const isBase = (point: Uint8Array): boolean => point[0] === 9 && point.subarray(1).every((byte) => byte === 0);
    curve.derive = async (privateKey, point) => (isBase(point) ? publicPoint(privateKey) : x25519(privateKey, point));
  }
}

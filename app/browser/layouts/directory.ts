/** The directory document: public keys of every category, its seed split and sealed to the keepers (L-9, L-17). */

import { address, base64, hex, unbase64, unhex, type Bytes, type Hex } from "./bytes";
import { dumps, exactly, loads, type Json, type JsonObject } from "./canonical";
import { derive, publicKeys } from "./channels";
import { LayoutInvalid } from "./errors";
import { shareHash } from "./headers";
import { PUBLIC_KEY_BYTES, seal } from "./hpke";
import { seedShareInfo } from "./infos";
import { split } from "./shamir";

export interface CategoryKeys {
  readonly channelKey: Bytes;
  readonly entryKey: Bytes;
  readonly seedCommitment: Hex;
  readonly shareHashes: readonly Hex[];
  readonly shares: readonly Bytes[];
}

export interface DirectoryDocument {
  readonly categories: Readonly<Record<string, CategoryKeys>>;
  readonly chainId: number;
  readonly committeeVersion: number;
  readonly patient: Hex;
  readonly previous: string | null;
  readonly threshold: number;
  readonly version: number;
}

/** Everything of a document but its keys: whose, where, and to whom the seeds are sealed. */
export interface DirectoryPlan {
  readonly categories: readonly string[];
  readonly chainId: number;
  readonly committeeVersion: number;
  readonly patient: Hex;
  readonly previous: string | null;
  readonly threshold: number;
  readonly version: number;
  /** X-Wing public keys of the committee, by seat. */
  readonly sealingKeys: readonly Bytes[];
}

export function documentBytes(document: DirectoryDocument): Bytes {
  const categories: Record<string, Json> = {};
  for (const [name, keys] of Object.entries(document.categories)) {
    categories[name] = {
      channelKey: base64(keys.channelKey),
      entryKey: base64(keys.entryKey),
      seedCommitment: keys.seedCommitment,
      shareHashes: keys.shareHashes,
      shares: keys.shares.map(base64),
    };
  }
  return dumps({ ...document, categories } as unknown as JsonObject);
}

function categoryKeys(value: Json): CategoryKeys {
  const from = exactly(value, ["channelKey", "entryKey", "seedCommitment", "shareHashes", "shares"]);
  if (!Array.isArray(from.shareHashes) || !Array.isArray(from.shares)) throw new LayoutInvalid("shares are not lists");
  if (from.shareHashes.length !== from.shares.length) throw new LayoutInvalid("shares and hashes differ in number");
  unhex(from.seedCommitment as string, 32);
  for (const hash of from.shareHashes) unhex(hash as string, 32);
  return {
    channelKey: unbase64(from.channelKey as string, 32),
    entryKey: unbase64(from.entryKey as string, PUBLIC_KEY_BYTES),
    seedCommitment: from.seedCommitment as Hex,
    shareHashes: from.shareHashes as Hex[],
    shares: from.shares.map((share) => unbase64(share as string)),
  };
}

/** The document of canonical bytes. Throws LayoutInvalid. */
export function parseDocument(raw: Uint8Array): DirectoryDocument {
  const from = exactly(loads(raw), [
    "categories", "chainId", "committeeVersion", "patient", "previous", "threshold", "version",
  ]);
  const named = from.categories as JsonObject;
  if (named === null || typeof named !== "object") throw new LayoutInvalid("categories is not an object");
  if (from.previous !== null && typeof from.previous !== "string") throw new LayoutInvalid("previous is not a CID");
  for (const field of [from.chainId, from.committeeVersion, from.threshold, from.version]) {
    if (typeof field !== "number" || field < 0) throw new LayoutInvalid("field is not a non-negative integer");
  }
  address(from.patient as string);
  return {
    ...(from as unknown as DirectoryDocument),
    categories: Object.fromEntries(Object.entries(named).map(([name, keys]) => [name, categoryKeys(keys)])),
  };
}

async function openCategory(plan: DirectoryPlan, category: string): Promise<CategoryKeys> {
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const secret = await derive(seed);
  const { channelKey, entryKey } = await publicKeys(secret);
  const info = seedShareInfo({
    ...plan, category, documentVersion: plan.version, channelKey, entryKey, seedCommitment: secret.commitment,
  });
  const shares = await split(seed, plan.sealingKeys.length, plan.threshold);
  seed.fill(0);
  return {
    channelKey,
    entryKey,
    seedCommitment: hex(secret.commitment),
    shareHashes: shares.map((share, seat) => hex(shareHash(secret.commitment, seat, share))),
    shares: await Promise.all(shares.map((share, seat) => seal(plan.sealingKeys[seat] as Bytes, info, share))),
  };
}

/** A new document with fresh seeds, which exist nowhere but in the keepers' sealed shares afterwards. */
export async function newDirectory(
  plan: DirectoryPlan,
  progress: (done: number, of: number) => void = () => undefined,
): Promise<DirectoryDocument> {
  const { categories: names, sealingKeys, ...rest } = plan;
  if (names.length === 0 || new Set(names).size !== names.length) throw new LayoutInvalid("categories repeat");
  if (plan.threshold < 2 || plan.threshold > sealingKeys.length) throw new LayoutInvalid("threshold is out of range");
  const categories: Record<string, CategoryKeys> = {};
  for (const name of names) {
    categories[name] = await openCategory(plan, name);
    progress(Object.keys(categories).length, names.length);
  }
  return { ...rest, categories };
}

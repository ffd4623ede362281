/** The directory document: public keys of every category, its seed split and sealed to the keepers (L-9, L-17). */

import { base64, hex, type Bytes, type Hex } from "./bytes";
import { dumps, exactly, loadObject, type Json, type JsonObject } from "./canonical";
import { derive, publicKeys } from "./channels";
import { LayoutInvalid } from "./errors";
import { account, blob, cid, digest, integer, list, MAX_SEATS, MIN_THRESHOLD, SEALED_SHARE_BYTES } from "./fields";
import { shareHash } from "./headers";
import { PUBLIC_KEY_BYTES, seal } from "./hpke";
import { seedShareInfo } from "./infos";
import { split } from "./shamir";
import { CATEGORIES } from "./words";

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
  const hashes = list(from.shareHashes, "shareHashes", MIN_THRESHOLD, MAX_SEATS);
  return {
    channelKey: blob(from.channelKey, "channelKey", 32),
    entryKey: blob(from.entryKey, "entryKey", PUBLIC_KEY_BYTES),
    seedCommitment: digest(from.seedCommitment, "seedCommitment"),
    shareHashes: hashes.map((hash) => digest(hash, "shareHashes")),
    shares: list(from.shares, "shares", hashes.length, hashes.length).map((share) =>
      blob(share, "shares", SEALED_SHARE_BYTES),
    ),
  };
}

/** The document of canonical bytes, with exactly the `required` categories. Throws LayoutInvalid. */
export function parseDocument(raw: Uint8Array, required: readonly string[] = CATEGORIES): DirectoryDocument {
  const from = loadObject(raw, [
    "categories", "chainId", "committeeVersion", "patient", "previous", "threshold", "version",
  ]);
  const given = Object.entries(exactly(from.categories, required));
  const named = given.map(([name, keys]) => [name, categoryKeys(keys)] as const);
  const seats = new Set(named.map(([, keys]) => keys.shares.length));
  if (seats.size !== 1) throw new LayoutInvalid("categories are sealed to different seats");
  return {
    categories: Object.fromEntries(named),
    chainId: integer(from.chainId, "chainId", 1),
    committeeVersion: integer(from.committeeVersion, "committeeVersion", 1),
    patient: account(from.patient, "patient"),
    previous: from.previous === null ? null : cid(from.previous, "previous"),
    threshold: integer(from.threshold, "threshold", MIN_THRESHOLD, [...seats][0]),
    version: integer(from.version, "version", 1),
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
  if (plan.threshold < MIN_THRESHOLD || plan.threshold > sealingKeys.length) {
    throw new LayoutInvalid("threshold is out of range");
  }
  const categories: Record<string, CategoryKeys> = {};
  for (const name of names) {
    categories[name] = await openCategory(plan, name);
    progress(Object.keys(categories).length, names.length);
  }
  return { ...rest, categories };
}

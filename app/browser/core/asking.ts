/** Asking keepers as the patient's side: signed requests, shares checked as they come (specification K-1, S-1, S-2). */

import { base64, hex, unhex, type Bytes, type Hex } from "../layouts/bytes";
import { dumps, type Json, type JsonObject } from "../layouts/canonical";
import { checkShare, type Sealing } from "../layouts/headers";
import { publicKey } from "../layouts/hpke";
import { releasedInfo } from "../layouts/infos";
import { requestDigest } from "../layouts/requests";
import { isoOf } from "../layouts/times";
import { Problem } from "./api";
import type { Chain, Clock } from "./chain";
import { serving, type Committee } from "./committees";
import { askKeepers, type SignedAsk } from "./keepers";
import type { ReadingSession } from "./reading_session";
import type { Asked, Served } from "./tally";
import { unsealed } from "./workshop";

const MAX_ITEMS = 100;
/** Of items in one request, which keepers take up to a mebibyte of. */
const MOST_BYTES = 900_000;
/** Requests under way together. */
const AT_ONCE = 4;

/** One item, the sealing its shares must match, and the sealed shares by seat (none for seeds: keepers read them). */
export interface Wanted {
  readonly item: JsonObject;
  readonly sealing: Sealing;
  readonly salt: Bytes;
  readonly shares: readonly Bytes[];
}

export interface Asker {
  readonly reading: ReadingSession;
  readonly chain: Chain;
  readonly clock: Clock;
  readonly committees: readonly Committee[];
  readonly signal: AbortSignal | undefined;
}

export interface Lie {
  readonly seat: number;
  readonly host: string;
}

export interface Answers {
  /** Shares by seat for each item, in order; null where withheld. */
  readonly shares: readonly (ReadonlyMap<number, Bytes> | null)[];
  readonly served: readonly (readonly Served[])[];
  /** Places of the items that too few keepers answered. */
  readonly incomplete: readonly number[];
  readonly lying: readonly Lie[];
}

interface Batch {
  readonly committee: Committee;
  readonly places: readonly number[];
}

/** About how many bytes one item takes in a request, at most: header, proof and share, and a hash for each seat. */
const itemBytes = (seats: number): number => 6_000 + 100 * seats;

/** As few requests as hold all items, and the items whose committee the chain does not know. */
function batches(wanted: readonly Wanted[], committees: readonly Committee[]): { of: Batch[]; nobodys: number[] } {
  const byVersion = new Map<number, number[]>();
  wanted.forEach(({ sealing }, place) => {
    byVersion.set(sealing.committeeVersion, [...(byVersion.get(sealing.committeeVersion) ?? []), place]);
  });
  const of: Batch[] = [];
  const nobodys: number[] = [];
  for (const [version, places] of byVersion) {
    const committee = serving(version, committees);
    if (committee === null) {
      nobodys.push(...places);
      continue;
    }
    const most = Math.min(MAX_ITEMS, Math.max(Math.floor(MOST_BYTES / itemBytes(committee.keepers.length)), 1));
    for (let at = 0; at < places.length; at += most) of.push({ committee, places: places.slice(at, at + most) });
  }
  return { of, nobodys };
}

/** Each of these, some at a time, in order. */
export async function someAtOnce<T, R>(these: readonly T[], most: number, once: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < these.length; at = next++) done[at] = await once(these[at] as T);
  };
  await Promise.all(Array.from({ length: Math.min(most, these.length) }, work));
  return done;
}

/**
 * Asks whoever holds the seats of each sealing's committee for all items. What one sealing names (an author writes it) hurts
 * that item only. `answered` is told how many items each answer settled.
 *
 * Throws Problem when nothing could be settled, or keepers agree what is wrong with the request.
 */
export async function ask(
  asker: Asker,
  wanted: readonly Wanted[],
  answered: (items: number) => void = () => undefined,
): Promise<Answers> {
  const shares: (ReadonlyMap<number, Bytes> | null)[] = wanted.map(() => null);
  const served: (readonly Served[])[] = wanted.map(() => []);
  const { of, nobodys } = batches(wanted, asker.committees);
  const incomplete = [...nobodys];
  const lying = new Map<string, Lie>();
  await someAtOnce(of, AT_ONCE, async ({ committee, places }) => {
    const asked = await once(asker, places.map((place) => wanted[place] as Wanted), committee);
    if (asked === "short") incomplete.push(...places);
    if (typeof asked === "object") {
      for (const { seat, host, kind } of asked.failures) if (kind === "lying") lying.set(`${seat} ${host}`, { seat, host });
      asked.outcomes.forEach((outcome, at) => {
        const place = places[at] as number;
        if (outcome.kind === "opened") [shares[place], served[place]] = [outcome.shares, outcome.served];
        if (outcome.kind === "short") incomplete.push(place);
      });
    }
    answered(places.length);
  });
  if (wanted.length > 0 && incomplete.length === wanted.length) throw new Problem("keepers-insufficient", "", null, null);
  return { shares, served, incomplete: incomplete.sort((left, right) => left - right), lying: [...lying.values()] };
}

async function once(asker: Asker, wanted: readonly Wanted[], committee: Committee): Promise<Asked | "withheld" | "short"> {
  try {
    return await askKeepers(await signedAsk(asker, wanted), committee, asker.signal);
  } catch (error) {
    if (error instanceof Problem && error.code === "no-ground") return "withheld";
    if (error instanceof Problem && error.code === "keepers-insufficient") return "short";
    throw error;
  }
}

async function signedAsk({ reading, chain, clock }: Asker, wanted: readonly Wanted[]): Promise<SignedAsk> {
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const request = dumps({
    actor: reading.actor,
    chainId: chain.chainId,
    consentRegistry: chain.contract("ConsentRegistry"),
    episode: null,
    ground: groundOf(reading),
    issuedAt: isoOf(clock.now()),
    items: wanted.map(({ item }) => item),
    nonce: hex(crypto.getRandomValues(new Uint8Array(16))),
    practitioner: null,
    purpose: reading.purpose,
    sealTo: base64(await publicKey(seed)),
    session: reading.certificate as unknown as Json,
  });
  const digest = await requestDigest(request);
  return {
    request,
    signature: await reading.sign(request),
    items: wanted.length,
    shares: (seat) => wanted.map(({ shares }) => shares[seat] ?? null),
    open: async (item, seat, sealed) => {
      const { sealing, salt } = wanted[item] as Wanted;
      const share = await unsealed(seed, releasedInfo(digest, salt, seat), sealed);
      checkShare(sealing.shareHashes[seat], salt, seat, share);
      return share;
    },
  };
}

/** The mandate is shown whole: keepers judge its scope by it (K-16). */
const groundOf = ({ patient, mandate }: ReadingSession): JsonObject => ({
  ...(mandate !== null && { mandate: mandate as unknown as JsonObject }), patient, type: "SELF",
});

/** A sealing's or document's hash as bytes. */
export const bytesOf = (hash: Hex): Bytes => unhex(hash, 32);

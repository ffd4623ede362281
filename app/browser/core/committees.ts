/** Committees of keepers as the chain names them, and who holds the seats of an old one (specification K-30, K-33). */

import { readContract } from "viem/actions";

import { lower, unhex, type Bytes, type Hex } from "../layouts/bytes";
import { COMMITTEE } from "./abi";
import type { Chain } from "./chain";

export interface SeatedKeeper {
  readonly seat: number;
  readonly account: Hex;
  readonly member: Hex;
  readonly chamber: number;
  readonly url: string;
  readonly sealingKey: Bytes;
}

export interface Committee {
  readonly version: number;
  readonly threshold: number;
  readonly keepers: readonly SeatedKeeper[];
  /** Who held a seat before, newest first, at another address than who holds it now. */
  readonly former: readonly SeatedKeeper[];
}

/** Who had a seat's key, oldest first; the last one holds the seat. */
export type Line = readonly SeatedKeeper[];

async function committee(chain: Chain, version: number): Promise<Committee> {
  const place = { address: chain.contract("KeeperCommittee"), abi: COMMITTEE, args: [BigInt(version)] } as const;
  const [threshold, keepers] = await Promise.all([
    readContract(chain.client, { ...place, functionName: "thresholdOf" }),
    readContract(chain.client, { ...place, functionName: "keepersOf" }),
  ]);
  const seated = keepers.map((one, seat) => ({
    seat,
    account: lower(one.account),
    member: lower(one.member),
    chamber: one.chamber,
    url: one.url.replace(/\/+$/, ""),
    sealingKey: unhex(lower(one.sealingKey)),
  }));
  return { version, threshold, keepers: seated, former: [] };
}

/** Every committee there ever was, from version 1 on. */
export async function committeesOf(chain: Chain): Promise<readonly Committee[]> {
  const place = { address: chain.contract("KeeperCommittee"), abi: COMMITTEE } as const;
  const current = Number(await readContract(chain.client, { ...place, functionName: "currentVersion" }));
  return Promise.all(Array.from({ length: current }, (_, before) => committee(chain, before + 1)));
}

/** Whoever had a key may have kept it: what a member or a chamber ever knew counts, not what it holds now. */
function mayFollow(one: SeatedKeeper, held: ReadonlyMap<number, Line>, threshold: number): boolean {
  const elsewhere = [...held].filter(([seat]) => seat !== one.seat).flatMap(([, line]) => line);
  if (elsewhere.some((known) => known.member === one.member)) return false;
  if (held.get(one.seat)?.some((known) => known.chamber === one.chamber)) return true;
  const ofChamber = new Set(elsewhere.filter((known) => known.chamber === one.chamber).map(({ seat }) => seat));
  return ofChamber.size + 1 < threshold;
}

/**
 * The line of each seat of this version, by seat; each keeper as the newest version that seats it names it, with the old
 * seat and its old sealing key. Empty if the chain does not know the version.
 */
export function linesOf(version: number, committees: readonly Committee[]): readonly Line[] {
  const [first, ...later] = committees.filter((one) => one.version >= version && version >= 1);
  if (first === undefined || first.version !== version) return [];
  const held = new Map<number, SeatedKeeper[]>(first.keepers.map((one) => [one.seat, [one]]));
  const newest = new Map([first, ...later].flatMap(({ keepers }) => keepers.map((one) => [one.account, one] as const)));
  for (const { keepers } of later) {
    const seated = new Set(keepers.map(({ account }) => account));
    for (const one of keepers) {
      const line = held.get(one.seat);
      const last = line?.at(-1);
      if (line && last && !seated.has(last.account) && mayFollow(one, held, first.threshold)) line.push(one);
    }
  }
  return first.keepers.map((place) =>
    (held.get(place.seat) ?? []).map(({ account }) => {
      const told = newest.get(account) ?? place;
      return { ...told, seat: place.seat, sealingKey: place.sealingKey };
    }),
  );
}

/** The committee of this version with whoever holds its seats now; null if the chain does not know it. */
export function serving(version: number, committees: readonly Committee[]): Committee | null {
  const known = committees.find((one) => one.version === version);
  const lines = linesOf(version, committees);
  if (known === undefined || lines.length === 0) return null;
  const keepers = lines.map((line) => line.at(-1) as SeatedKeeper);
  const former = lines.flatMap((line) =>
    line.slice(0, -1).reverse().filter((one) => one.url !== line.at(-1)?.url),
  );
  return { ...known, keepers, former };
}

/** Whose shares of this version are whose: the seat of each account in its line. */
export function seatsOf(version: number, committees: readonly Committee[]): ReadonlyMap<Hex, number> {
  return new Map(linesOf(version, committees).flatMap((line) => line.map((one) => [one.account, one.seat] as const)));
}

/** Every keeper there ever was, by its newest seat. */
export function everyKeeper(committees: readonly Committee[]): readonly SeatedKeeper[] {
  return [...new Map(committees.flatMap(({ keepers }) => keepers.map((one) => [one.account, one] as const))).values()];
}

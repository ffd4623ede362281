/** Through whom the page sees the chain: another member's relay is compared with the present one before it is used (W-65). */

import { getBlock, getChainId } from "viem/actions";

import { call, type Network } from "./api";
import { chainAt, chainOf, useChain, type Chain } from "./chain";

export interface Relay {
  readonly member: string;
  /** Null: the gateway that serves this page. */
  readonly url: string | null;
}

export type Unfit = "silent" | "other-chain" | "behind" | "contradicts";

/** Another member's relay is not one to look through. */
export class RelayUnfit extends Error {
  constructor(readonly kind: Unfit) {
    super(kind);
    this.name = "RelayUnfit";
  }
}

interface Told {
  readonly address: string;
  readonly name: string;
  readonly status: string;
  readonly gateway: string | null;
}

const chosen = new WeakMap<Network, Relay>();

/** The member whom the page looks through. */
export const seenThrough = (network: Network): string => chosen.get(network)?.member ?? network.member.name;

const PATH = "/api/chain";
/** Blocks that a healthy node may lack while the other one has them. */
const MOST_BEHIND = 20n;

/** The serving gateway first, then active members whose gateways are known. */
export async function relays(network: Network): Promise<readonly Relay[]> {
  const { members } = await call<{ members: readonly Told[] }>("GET", "/api/members");
  const others = members.filter(({ address, status }) => address !== network.member.address && status === "active");
  return [
    { member: network.member.name, url: null },
    ...others.flatMap(({ name, gateway }) => (gateway === null ? [] : [{ member: name, url: gateway.replace(/\/+$/, "") + PATH }])),
  ];
}

interface Head {
  readonly number: bigint;
  readonly hash: string;
}

async function heard<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch {
    throw new RelayUnfit("silent");
  }
}

async function blockOf({ client }: Chain, number?: bigint): Promise<Head> {
  const found = await heard(getBlock(client, number === undefined ? { blockTag: "latest" } : { blockNumber: number }));
  if (found.number === null || found.hash === null) throw new RelayUnfit("silent");
  return { number: found.number, hash: found.hash };
}

/** Null of one that does not answer. */
async function ifHeard<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RelayUnfit) return null;
    throw error;
  }
}

/**
 * Looks through this relay from now on. Gives the newest block that both have; null where the present one does not answer, so
 * that nothing could be compared: one that is dead must not hold the page. Throws RelayUnfit, having changed nothing.
 */
export async function lookThrough(relay: Relay, network: Network): Promise<bigint | null> {
  const [next, present] = [chainAt(relay.url ?? PATH, network), chainOf(network)];
  if ((await heard(getChainId(next.client))) !== network.chainId) throw new RelayUnfit("other-chain");
  const [theirs, ours] = await Promise.all([blockOf(next), ifHeard(blockOf(present))]);
  const common = ours === null ? null : await compared(next, theirs, present, ours);
  useChain(network, next);
  chosen.set(network, relay);
  return common;
}

async function compared(next: Chain, theirs: Head, present: Chain, ours: Head): Promise<bigint | null> {
  if (ours.number - theirs.number > MOST_BEHIND) throw new RelayUnfit("behind");
  const common = theirs.number < ours.number ? theirs.number : ours.number;
  const [one, other] = await Promise.all([blockOf(next, common), ifHeard(blockOf(present, common))]);
  if (other !== null && one.hash !== other.hash) throw new RelayUnfit("contradicts");
  return other === null ? null : common;
}

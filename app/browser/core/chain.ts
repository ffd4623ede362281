/** The chain, as a JSON-RPC endpoint tells it: by default the relay of the gateway that serves this page. */

import { createClient, http, type Client, type HttpTransport } from "viem";
import { getBlock } from "viem/actions";

import type { Hex } from "../layouts/bytes";
import { Problem, type Network } from "./api";

/** A relay takes so many questions at once. */
const BATCH = 20;
const TIMEOUT_MILLISECONDS = 20_000;

export interface Chain {
  readonly client: Client<HttpTransport>;
  readonly chainId: number;
  /** The address of a contract by its name. Throws Problem chain-wrong. */
  contract(name: string): Hex;
}

/** What the chain endpoint says cannot be. */
export const chainWrong = (): Problem => new Problem("chain-wrong", "", null, null);

const opened = new WeakMap<Network, Chain>();

/** One for each network, so that questions of one moment go out together. */
export function chainOf(network: Network): Chain {
  const known = opened.get(network);
  if (known !== undefined) return known;
  const chain = chainAt(network.chainUrl ?? "/api/chain", network);
  useChain(network, chain);
  return chain;
}

/** From now on this page asks that one. */
export function useChain(network: Network, chain: Chain): void {
  opened.set(network, chain);
}

/** The network's chain as the endpoint at `url` tells it. */
export function chainAt(url: string, network: Network): Chain {
  const client = createClient({
    transport: http(new URL(url, location.origin).href, {
      batch: { batchSize: BATCH }, timeout: TIMEOUT_MILLISECONDS, retryCount: 2,
    }),
  });
  const contract = (name: string): Hex => {
    const address = network.contracts[name];
    if (address === undefined) throw chainWrong();
    return address;
  };
  return { client, chainId: network.chainId, contract };
}

/** Seconds since the epoch as the chain has it. */
export interface Clock {
  now(): number;
  /** Whether it goes by the chain because this device's own clock is far from it. */
  readonly deviceWrong: boolean;
}

/** Further apart, a clock is wrong rather than a block old. */
const MOST_SECONDS_APART = 30;

/** This device's clock; or, where that is far from the newest block, the block's time going on from there. */
export async function clockOf(chain: Chain): Promise<Clock> {
  const { timestamp } = await getBlock(chain.client, { blockTag: "latest" });
  const [head, started] = [Number(timestamp), performance.now()];
  const apart = Math.abs(Date.now() / 1000 - head);
  if (apart <= MOST_SECONDS_APART) return { now: () => Math.floor(Date.now() / 1000), deviceWrong: false };
  return { now: () => head + Math.floor((performance.now() - started) / 1000), deviceWrong: true };
}

/** Every change that an identity ever had, as the chain's events tell it (ERC-1056: each names the block of the one before). */

import { getLogs, readContract } from "viem/actions";

import type { Hex } from "../layouts/bytes";
import { IDENTITY } from "./abi";
import { Problem } from "./api";
import { chainWrong, type Chain } from "./chain";

const EVENTS = IDENTITY.filter((one) => one.type === "event");
/** A lifetime of renewals: a longer chain of changes is somebody's flooding. */
const MAX_CHANGES = 1_024;

const logsIn = (chain: Chain, block: bigint) =>
  getLogs(chain.client, {
    address: chain.contract("IdentityRegistry"), events: EVENTS, fromBlock: block, toBlock: block, strict: true,
  } as const);

export type IdentityChange = Awaited<ReturnType<typeof logsIn>>[number];

/** Newest first. Throws Problem chain-wrong where they lead nowhere, history-too-long. */
export async function identityChanges(chain: Chain, identity: Hex): Promise<readonly IdentityChange[]> {
  const place = { address: chain.contract("IdentityRegistry"), abi: IDENTITY, functionName: "changed" } as const;
  const found: IdentityChange[] = [];
  for (let block = await readContract(chain.client, { ...place, args: [identity] }); block > 0n; ) {
    const logs = (await logsIn(chain, block)).filter(({ args }) => args.identity.toLowerCase() === identity);
    logs.sort((left, right) => right.logIndex - left.logIndex);
    found.push(...logs);
    // Within one block each log points to the block itself, except the first.
    const previous = logs.map(({ args }) => args.previousChange).reduce((a, b) => (a < b ? a : b), block);
    if (previous >= block) throw chainWrong();
    if (found.length > MAX_CHANGES) throw new Problem("history-too-long", "", null, null);
    block = previous;
  }
  return found;
}

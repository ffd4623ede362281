/** What proofs of receipts need of the chain, asked once each: one commit holds many receipts (specification A-2). */

import { parseEventLogs, type Log } from "viem";
import { getBlockNumber, getLogs, getTransactionReceipt, readContract } from "viem/actions";

import { lower, type Hex } from "../layouts/bytes";
import { AUDIT } from "./abi";
import type { Chain } from "./chain";

/** Of logs in one question, and of such questions for one keeper: as far back as one may be that lost its transactions. */
const RANGE = 10_000n;
const MOST_RANGES = 100;

export interface OnChain {
  readonly keeper: Hex;
  readonly root: Hex;
  readonly firstSeq: number;
  readonly count: number;
}

/** Commits alone: a transaction that a keeper names may hold anything else. */
function commits(chain: Chain, logs: readonly Log[]): OnChain[] {
  const address = lower(chain.contract("AuditLog"));
  const own = logs.filter((one) => lower(one.address) === address);
  return parseEventLogs({ abi: AUDIT, logs: own, strict: true }).map(({ args: { keeper, root, firstSeq, count } }) => ({
    keeper: lower(keeper), root: lower(root), firstSeq: Number(firstSeq), count,
  }));
}

/** What was found of one keeper, from the newest block back to before `next`; null once there is nothing left to look at. */
interface Searched {
  readonly found: OnChain[];
  next: bigint | null;
  asked: number;
}

export class Proofs {
  private readonly made = new Map<string, Promise<readonly OnChain[]>>();
  private readonly searches = new Map<Hex, Promise<Searched>>();

  constructor(private readonly chain: Chain) {}

  /** How many roots were read on chain. */
  get roots(): number {
    return this.made.size;
  }

  /** The commits of a transaction; where none is told, those of this root of the keeper. */
  commitsOf(transaction: Hex | null, keeper: Hex, root: Hex): Promise<readonly OnChain[]> {
    const key = transaction ?? keeper + root;
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const asked = transaction === null ? this.searched(keeper, root) : this.minedIn(transaction);
    this.made.set(key, asked);
    return asked;
  }

  private async minedIn(hash: Hex): Promise<readonly OnChain[]> {
    try {
      return commits(this.chain, (await getTransactionReceipt(this.chain.client, { hash })).logs);
    } catch (error) {
      // Nothing was mined under this name: then it proves nothing.
      if ((error as Error).name === "TransactionReceiptNotFoundError") return [];
      throw error;
    }
  }

  /** Each range is asked for once, however many roots are sought in it. */
  private async searched(keeper: Hex, root: Hex): Promise<readonly OnChain[]> {
    const before = this.searches.get(keeper) ?? this.begun();
    const search = before.then((one) => this.searchedOn(one, keeper, root));
    this.searches.set(keeper, search);
    return (await search).found.filter((one) => one.root === root);
  }

  private async begun(): Promise<Searched> {
    return { found: [], next: await getBlockNumber(this.chain.client), asked: 0 };
  }

  private async searchedOn(search: Searched, keeper: Hex, root: Hex): Promise<Searched> {
    const [event] = AUDIT.filter((one) => one.type === "event");
    const address = this.chain.contract("AuditLog");
    while (event !== undefined && search.next !== null && !search.found.some((one) => one.root === root)) {
      const toBlock = search.next;
      const fromBlock = toBlock >= RANGE ? toBlock - RANGE + 1n : 0n;
      const logs = await getLogs(this.chain.client, { address, event, args: { keeper }, fromBlock, toBlock, strict: true });
      search.found.push(...commits(this.chain, logs));
      search.next = fromBlock === 0n || ++search.asked === MOST_RANGES ? null : fromBlock - 1n;
    }
    return search;
  }
}

/** How many receipts of this keeper the chain counts. */
export async function nextSeqOf(chain: Chain, keeper: Hex): Promise<number> {
  const place = { address: chain.contract("AuditLog"), abi: AUDIT, functionName: "nextSeqOf" } as const;
  return Number(await readContract(chain.client, { ...place, args: [keeper] }));
}

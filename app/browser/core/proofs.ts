/** What proofs of receipts need of the chain, asked once each: one commit holds many receipts (specification A-2). */

import { decodeEventLog, type Log } from "viem";
import { getBlockNumber, getLogs, getTransactionReceipt, readContract } from "viem/actions";

import type { Hex } from "../layouts/bytes";
import { AUDIT } from "./abi";
import type { Chain } from "./chain";

/** Of logs in one question, and of such questions for one root: as far back as a keeper may be that lost its transactions. */
const RANGE = 10_000n;
const MOST_RANGES = 100;

export interface OnChain {
  readonly keeper: Hex;
  readonly root: Hex;
  readonly firstSeq: number;
  readonly count: number;
}

const lower = (text: string): Hex => text.toLowerCase() as Hex;

function commits(chain: Chain, logs: readonly Log[]): OnChain[] {
  const address = lower(chain.contract("AuditLog"));
  return logs.filter((one) => lower(one.address) === address).flatMap(({ data, topics }) => {
    const found = decodeEventLog({ abi: AUDIT, data, topics, strict: true });
    const { keeper, root, firstSeq, count } = found.args;
    return [{ keeper: lower(keeper), root: lower(root), firstSeq: Number(firstSeq), count }];
  });
}

export class Proofs {
  private readonly made = new Map<string, Promise<readonly OnChain[]>>();

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

  private async searched(keeper: Hex, root: Hex): Promise<readonly OnChain[]> {
    const [event] = AUDIT.filter((one) => one.type === "event");
    if (event === undefined) return [];
    let toBlock = await getBlockNumber(this.chain.client);
    for (let asked = 0; asked < MOST_RANGES; asked++) {
      const fromBlock = toBlock >= RANGE ? toBlock - RANGE + 1n : 0n;
      const address = this.chain.contract("AuditLog");
      const logs = await getLogs(this.chain.client, { address, event, args: { keeper, root }, fromBlock, toBlock, strict: true });
      if (logs.length > 0 || fromBlock === 0n) return commits(this.chain, logs);
      toBlock = fromBlock - 1n;
    }
    return [];
  }
}

/** How many receipts of this keeper the chain counts. */
export async function nextSeqOf(chain: Chain, keeper: Hex): Promise<number> {
  const place = { address: chain.contract("AuditLog"), abi: AUDIT, functionName: "nextSeqOf" } as const;
  return Number(await readContract(chain.client, { ...place, args: [keeper] }));
}

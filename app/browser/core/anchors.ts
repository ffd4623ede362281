/** What the chain says of roots and records, in bounded bundles of questions (specification K-3). */

import { readContract } from "viem/actions";

import type { Hex } from "../layouts/bytes";
import type { Header } from "../layouts/headers";
import { RECORDS } from "./abi";
import { someAtOnce } from "./asking";
import type { Chain } from "./chain";
import type { Found } from "./discovery";
import type { Notes } from "./incomplete";
import type { Member } from "./members";

/** Questions under way together: some batches, as a relay answers some at a time. */
const AT_ONCE = 60;

export interface Anchored {
  /** Those whose root stands on the chain, by their author, over as many records as the proof says. */
  readonly found: readonly Found[];
  /** When, in seconds since the epoch, by author and root. */
  readonly at: ReadonlyMap<string, number>;
}

export const anchorKey = (author: Hex, root: Hex): string => author + root;

export async function anchored(
  chain: Chain,
  found: readonly Found[],
  notes: Notes,
  members: ReadonlyMap<Hex, Member>,
): Promise<Anchored> {
  const distinct = [...new Map(found.map(({ row }) => [anchorKey(row.author, row.root), row])).values()];
  const place = { address: chain.contract("RecordRegistry"), abi: RECORDS, functionName: "anchorOf" } as const;
  const told = await someAtOnce(distinct, AT_ONCE, ({ author, root }) =>
    readContract(chain.client, { ...place, args: [author, root] }),
  );
  const known = new Map(distinct.map(({ author, root }, at) => [anchorKey(author, root), told[at] as readonly [bigint, number]]));
  const holding = found.filter(({ row }) => {
    const [anchoredAt, count] = known.get(anchorKey(row.author, row.root)) ?? [0n, 0];
    const holds = anchoredAt > 0n && count === row.proof?.count;
    const name = members.get(row.author)?.name;
    if (!holds) notes.say({ kind: "gateway-wrong", ...(name !== undefined && { hospital: name }) });
    return holds;
  });
  return { found: holding, at: new Map([...known].map(([key, [anchoredAt]]) => [key, Number(anchoredAt)])) };
}

/** Whether each was taken back by its author. */
export function retracted(chain: Chain, headers: readonly Header[]): Promise<readonly boolean[]> {
  const place = { address: chain.contract("RecordRegistry"), abi: RECORDS, functionName: "isRetracted" } as const;
  return someAtOnce(headers, AT_ONCE, ({ author, recordId }) =>
    readContract(chain.client, { ...place, args: [author, recordId] }),
  );
}

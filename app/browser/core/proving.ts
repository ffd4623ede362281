/** Whether a record that was opened still stands on the chain as its author wrote it: asked anew, computed in this browser. */

import { readContract } from "viem/actions";

import { unhex } from "../layouts/bytes";
import { headerHash, recordDigest, sealingHash } from "../layouts/headers";
import { verify } from "../layouts/merkle";
import { RECORDS } from "./abi";
import type { Network } from "./api";
import { chainOf } from "./chain";
import type { OpenRecord } from "./reading";

/** Whether header and sealing stand at their place under a root that their author anchored. Throws where the chain endpoint fails. */
export async function provenNow({ header, sealing, root, proof }: OpenRecord, network: Network): Promise<boolean> {
  const chain = chainOf(network);
  const place = { address: chain.contract("RecordRegistry"), abi: RECORDS, functionName: "anchorOf" } as const;
  const [anchoredAt, count] = await readContract(chain.client, { ...place, args: [header.author, root] });
  if (anchoredAt === 0n || count !== proof.count) return false;
  const digest = recordDigest(unhex(header.recordId, 32), headerHash(header), sealingHash(sealing));
  return verify(unhex(root, 32), digest, proof);
}

/** Whether its author, or the consortium in its place, took it back. */
export function isRetractedNow({ header }: OpenRecord, network: Network): Promise<boolean> {
  const chain = chainOf(network);
  const place = { address: chain.contract("RecordRegistry"), abi: RECORDS, functionName: "isRetracted" } as const;
  return readContract(chain.client, { ...place, args: [header.author, header.recordId] });
}

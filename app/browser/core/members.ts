/** Everybody whom the chain ever admitted, in that order (specification D-2). */

import { readContract } from "viem/actions";

import { lower, unhex, type Bytes, type Hex } from "../layouts/bytes";
import { MEMBERS } from "./abi";
import type { Chain } from "./chain";

export interface Member {
  readonly address: Hex;
  readonly name: string;
  readonly kind: string;
  readonly active: boolean;
  /** X25519, 32 bytes each; former ones too. */
  readonly directoryKeys: readonly Bytes[];
}

const ACTIVE = 1;

async function member(chain: Chain, given: Hex): Promise<Member> {
  const place = { address: chain.contract("MemberRegistry"), abi: MEMBERS, args: [given] } as const;
  const [found, keys] = await Promise.all([
    readContract(chain.client, { ...place, functionName: "memberOf" }),
    readContract(chain.client, { ...place, functionName: "directoryKeysOf" }),
  ]);
  const { name, kind, status } = found;
  return { address: lower(given), name, kind, active: status === ACTIVE, directoryKeys: keys.map((key) => unhex(lower(key))) };
}

export async function membersOf(chain: Chain): Promise<readonly Member[]> {
  const place = { address: chain.contract("MemberRegistry"), abi: MEMBERS } as const;
  const count = Number(await readContract(chain.client, { ...place, functionName: "memberCount" }));
  const each = Array.from({ length: count }, (_, index) => BigInt(index));
  const addresses = await Promise.all(
    each.map((index) => readContract(chain.client, { ...place, functionName: "memberAt", args: [index] })),
  );
  return Promise.all(addresses.map((one) => member(chain, one)));
}

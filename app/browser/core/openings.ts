/** Emergency openings of the patient's summary: whose they are is found here, how they stand is asked of the chain (W-62). */

import { readContract } from "viem/actions";

import { opening, openingId, type Opening } from "../layouts/openings";
import type { Json } from "../layouts/canonical";
import { LayoutError } from "../layouts/errors";
import { isoOf } from "../layouts/times";
import type { Hex } from "../layouts/bytes";
import type { Chain } from "./chain";

export const EMERGENCY = [
  {
    type: "function", name: "openingOf", stateMutability: "view", inputs: [{ name: "openingId", type: "bytes32" }],
    outputs: [
      {
        name: "opening", type: "tuple",
        components: [
          { name: "status", type: "uint8" }, { name: "finding", type: "uint8" }, { name: "member", type: "address" },
          { name: "first", type: "address" }, { name: "second", type: "address" }, { name: "endsAt", type: "uint64" },
          { name: "reviewBy", type: "uint64" },
        ],
      },
    ],
  },
] as const;

/** By the contract's numbers. */
export const STATUSES = ["unknown", "open", "ended", "closed", "reviewed"] as const;
export const FINDINGS = [null, "justified", "unjustified"] as const;

export type OpeningStatus = (typeof STATUSES)[number];

/** What the chain says of one opening; times in ISO. */
export interface OpeningState {
  readonly status: OpeningStatus;
  readonly finding: (typeof FINDINGS)[number];
  readonly member: Hex;
  readonly endsAt: string;
  readonly reviewBy: string;
}

export async function stateOf(id: Hex, chain: Chain): Promise<OpeningState> {
  const place = { address: chain.contract("EmergencyAccess"), abi: EMERGENCY } as const;
  const found = await readContract(chain.client, { ...place, functionName: "openingOf", args: [id] });
  return {
    status: STATUSES[found.status] ?? "unknown",
    finding: FINDINGS[found.finding] ?? null,
    member: found.member.toLowerCase() as Hex,
    endsAt: isoOf(Number(found.endsAt)),
    reviewBy: isoOf(Number(found.reviewBy)),
  };
}

/** What two people signed, if that is about this patient and has this id; null where it is not, or is nothing at all. */
export function signedOpening(told: Json | undefined, id: Hex, patient: Hex, chain: Chain): Opening | null {
  try {
    const read = opening(told, "opening");
    const fits = read.subject.patient === patient && openingId(read, chain.chainId, chain.contract("EmergencyAccess")) === id;
    return fits ? read : null;
  } catch (error) {
    if (error instanceof LayoutError) return null;
    throw error;
  }
}

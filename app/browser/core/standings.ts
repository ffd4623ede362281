/** How consents and mandates stand: the chain's own word, which no gateway's takes the place of. */

import { readContract } from "viem/actions";

import type { Hex } from "../layouts/bytes";
import { isoOf } from "../layouts/times";
import { CONSENTS } from "./abi";
import type { Network } from "./api";
import { someAtOnce } from "./asking";
import { chainOf, chainWrong, clockOf } from "./chain";
import { spoken } from "./spoken";

/** `unknown`: never granted, or no signature has come to the chain yet. */
export type Standing = "unknown" | "active" | "revoked" | "expired";

export interface Stands {
  readonly standing: Standing;
  /** When the chain last changed it, YYYY-MM-DDThh:mm:ssZ; null for what it does not know. */
  readonly changedAt: string | null;
  /** By which clock it was looked at: seconds. */
  readonly seenAt: number;
}

/** Questions under way together. */
const AT_ONCE = 40;
/** `IConsentRegistry.Status`. */
const [UNKNOWN, GRANTED, REVOKED] = [0, 1, 2];

/** Of each, in order. Throws Problem chain-unreachable, chain-wrong. */
export const standingsOf = (
  these: readonly { readonly patient: Hex; readonly id: Hex }[],
  network: Network,
): Promise<readonly Stands[]> => spoken(() => asked(these, network));

async function asked(these: readonly { readonly patient: Hex; readonly id: Hex }[], network: Network): Promise<readonly Stands[]> {
  if (these.length === 0) return [];
  const chain = chainOf(network);
  const clock = await clockOf(chain);
  const place = { address: chain.contract("ConsentRegistry"), abi: CONSENTS, functionName: "consentOf" } as const;
  return someAtOnce(these, AT_ONCE, async ({ patient, id }) => {
    const [status, , validUntil, changedAt] = await readContract(chain.client, { ...place, args: [patient, id] });
    const seenAt = clock.now();
    return { standing: standing(status, Number(validUntil), seenAt), changedAt: changedAt > 0n ? isoOf(Number(changedAt)) : null, seenAt };
  });
}

/** Of each consent the mandate under which it was granted; null for one that was granted under none. Throws as `standingsOf`. */
export const mandatesOf = (ids: readonly Hex[], network: Network): Promise<readonly (Hex | null)[]> =>
  spoken(async () => {
    if (ids.length === 0) return [];
    const chain = chainOf(network);
    const place = { address: chain.contract("ConsentRegistry"), abi: CONSENTS, functionName: "mandateOf" } as const;
    return someAtOnce(ids, AT_ONCE, async (id) => {
      const named = await readContract(chain.client, { ...place, args: [id] });
      return /^0x0+$/.test(named) ? null : named;
    });
  });

function standing(status: number, validUntil: number, now: number): Standing {
  if (status === UNKNOWN) return "unknown";
  if (status === REVOKED) return "revoked";
  if (status !== GRANTED) throw chainWrong();
  return now < validUntil ? "active" : "expired";
}

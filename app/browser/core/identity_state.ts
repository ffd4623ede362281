/** The own identity as the chain tells it: who controls it, who acts for it, who guards it, what is pending (W-88). */

import { stringToHex } from "viem";
import { readContract } from "viem/actions";

import type { Hex } from "../layouts/bytes";
import { isoOf } from "../layouts/times";
import { IDENTITY } from "./abi";
import type { Network } from "./api";
import { chainOf, clockOf, type Chain } from "./chain";
import { identityChanges } from "./identity_history";
import { spoken } from "./spoken";

export interface PendingRecovery {
  readonly newOwner: Hex | null;
  readonly executableAt: string | null;
  readonly attempt: number;
  readonly vetoSpent: boolean;
}

export interface Guards {
  readonly commitment: Hex | null;
  readonly nextCommitment: Hex | null;
  readonly effectiveAt: string | null;
}

export interface IdentityState {
  readonly controller: Hex;
  /** Accounts that act for it, the newest first; until when, exclusive. */
  readonly representatives: readonly { readonly account: Hex; readonly until: string }[];
  readonly guardians: Guards;
  readonly recovery: PendingRecovery;
  /** Seconds. */
  readonly recoveryDelay: number;
}

const REPRESENTATIVE = stringToHex("consent", { size: 32 });
/** Later than any date that ISO's four digits write: 9999-12-31T23:59:59Z. */
const LATEST = 253_402_300_799n;

const registry = (chain: Chain) => ({ address: chain.contract("IdentityRegistry"), abi: IDENTITY }) as const;
const lower = (account: string): Hex => account.toLowerCase() as Hex;
const orNull = (value: Hex): Hex | null => (/^0x0+$/.test(value) ? null : lower(value));
const time = (seconds: bigint): string | null => (seconds === 0n ? null : isoOf(Number(seconds < LATEST ? seconds : LATEST)));

/** Throws Problem chain-unreachable, chain-wrong, history-too-long. */
export const identityState = (identity: Hex, network: Network): Promise<IdentityState> =>
  spoken(async () => {
    const chain = chainOf(network);
    const [controller, representatives, guardians, recovery, delay] = await Promise.all([
      readContract(chain.client, { ...registry(chain), functionName: "identityOwner", args: [identity] }),
      representativesOf(chain, identity),
      guardsOf(chain, identity),
      pendingOf(chain, identity),
      readContract(chain.client, { ...registry(chain), functionName: "recoveryDelay" }),
    ]);
    return { controller: lower(controller), representatives, guardians, recovery, recoveryDelay: Number(delay) };
  });

/** What a signature about the identity must name now. Throws Problem chain-unreachable, chain-wrong. */
export const signedNext = (identity: Hex, network: Network): Promise<{ nonce: number; recovery: PendingRecovery }> =>
  spoken(async () => {
    const chain = chainOf(network);
    const [nonce, recovery] = await Promise.all([
      readContract(chain.client, { ...registry(chain), functionName: "nonce", args: [identity] }),
      pendingOf(chain, identity),
    ]);
    return { nonce: Number(nonce), recovery };
  });

async function guardsOf(chain: Chain, identity: Hex): Promise<Guards> {
  const asked = { ...registry(chain), functionName: "guardiansOf", args: [identity] } as const;
  const [commitment, next, effectiveAt] = await readContract(chain.client, asked);
  return { commitment: orNull(commitment), nextCommitment: orNull(next), effectiveAt: time(effectiveAt) };
}

async function pendingOf(chain: Chain, identity: Hex): Promise<PendingRecovery> {
  const asked = { ...registry(chain), functionName: "recoveryOf", args: [identity] } as const;
  const [owner, executableAt, attempt, vetoSpent] = await readContract(chain.client, asked);
  const newOwner = orNull(owner);
  return { newOwner, executableAt: newOwner === null ? null : time(executableAt), attempt: Number(attempt), vetoSpent };
}

/** Those whose newest naming still runs, and that the contract confirms: a recovery ends delegates without an event. */
async function representativesOf(chain: Chain, identity: Hex): Promise<IdentityState["representatives"]> {
  const [clock, changes] = await Promise.all([clockOf(chain), identityChanges(chain, identity)]);
  const newest = new Map<Hex, bigint>();
  for (const { eventName, args } of changes) {
    if (eventName !== "DIDDelegateChanged" || args.delegateType !== REPRESENTATIVE) continue;
    const account = lower(args.delegate);
    if (!newest.has(account)) newest.set(account, args.validTo);
  }
  const hopeful = [...newest].filter(([, until]) => until > BigInt(clock.now()));
  const live = await Promise.all(
    hopeful.map(([account]) =>
      readContract(chain.client, { ...registry(chain), functionName: "validDelegate", args: [identity, REPRESENTATIVE, account] }),
    ),
  );
  return hopeful.flatMap(([account, until], at) => (live[at] ? [{ account, until: time(until) as string }] : []));
}

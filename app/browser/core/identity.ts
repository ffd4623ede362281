/** The own identity: representatives, guardians, recoveries. What is signed is built here, and relayed by the gateway. */

import { hex, type Hex } from "../layouts/bytes";
import {
  commitmentOf,
  guardianSetOf,
  namingTypedData,
  NOBODY,
  recoveryTypedData,
  vetoTypedData,
  type GuardianSet,
} from "../layouts/guardians";
import { addDelegateTypedData, revokeDelegateTypedData } from "../layouts/signed";
import { call, type Network } from "./api";
import { contract, Mismatch } from "./checks";
import { identityState, signedNext, type IdentityState, type PendingRecovery } from "./identity_state";
import type { Letter } from "./letters";
import type { Session } from "./session";
import { signingClock } from "./signing_clock";
import { signAndSend } from "./signed_once";

export interface Mined {
  readonly transaction: Hex;
  readonly block: number;
}

/** Without a transaction where the chain was as asked before: an answer was lost. */
export type Done = Mined | { readonly transaction: null; readonly block: null };

export interface Representative {
  readonly account: Hex;
  readonly name: string;
  readonly until: string;
}

/** As the chain has it; the gateway adds its names for people, and may say something else. */
export interface Identity extends IdentityState {
  readonly representatives: readonly Representative[];
  readonly gateway: "agrees" | "differs";
}

/** What the gateway says of it. */
type Said = Omit<Identity, "gateway">;

/** An identity for which the account acts, or will. */
export interface Held {
  readonly did: string;
  readonly how: "controller" | "representative" | "recovery";
  readonly from: string | null;
}

export interface Guarded {
  readonly recovery: PendingRecovery;
  readonly threshold: number;
  readonly waiting: readonly { readonly newOwner: Hex; readonly deadline: number; readonly agreed: readonly Hex[] }[];
  readonly started: Mined | null;
}

/** How long a signature may wait for its relay. */
const RELAY_SECONDS = 15 * 60;
/** How long a guardian's word may wait for the others. */
const AGREEMENT_SECONDS = 14 * 24 * 3600;
/** Two guardians' devices may be as far apart. */
const APART_SECONDS = 60;

/** The chain and the gateway may be asked on either side of a block: who differs is asked once more. Throws Problem. */
export async function identity(session: Session): Promise<Identity> {
  const first = await told(session);
  return first.gateway === "agrees" ? first : told(session);
}

async function told({ patient, network }: Session): Promise<Identity> {
  const [state, said] = await Promise.all([identityState(patient, network), call<Said>("GET", "/api/identity")]);
  const names = new Map(said.representatives.map(({ account, name }) => [account, name]));
  const representatives = state.representatives.map((one) => ({ ...one, name: names.get(one.account) ?? "" }));
  return { ...state, representatives, gateway: summary(state) === summary(said) ? "agrees" : "differs" };
}

/** Whom and what two accounts of an identity must have in common. */
function summary({ controller, representatives, guardians, recovery }: IdentityState): string {
  const { commitment, nextCommitment } = guardians;
  const accounts = representatives.map(({ account }) => account).sort();
  return JSON.stringify([controller, accounts, commitment, nextCommitment, recovery.newOwner]);
}

/** The newest; `more`: whether the gateway knows of others. */
export interface Holding {
  readonly held: readonly Held[];
  readonly more: boolean;
}

export async function identities(): Promise<Holding> {
  const { identities: held, more } = await call<{ identities: Held[]; more: boolean }>("GET", "/api/identities");
  return { held, more };
}

export const finishRecovery = (did: string): Promise<Mined> => call("POST", "/api/recoveries/finishing", { identity: did });

const inSeconds = async (network: Network, seconds: number): Promise<number> => (await signingClock(network)).now() + seconds;
const registry = (network: Network): Hex => contract(network, "IdentityRegistry");

/** `name` is the patient's own word for the person. */
export function nameRepresentative(delegate: Hex, name: string, until: Date, session: Session): Promise<Done> {
  const { network, patient } = session;
  const prepare = async () => {
    const { nonce } = await signedNext(patient, network);
    const deadline = await inSeconds(network, RELAY_SECONDS);
    const validity = Math.ceil(until.getTime() / 1000) - (await inSeconds(network, 0));
    const change = { identity: patient, delegate, validity, nonce, deadline };
    return {
      data: addDelegateTypedData(change, network.chainId, registry(network)),
      body: { account: delegate, name, validity, deadline },
    };
  };
  return signAndSend(`representative ${delegate} ${until.getTime()}`, session, prepare, (body) =>
    call("POST", "/api/identity/representatives", body),
  );
}

export function endRepresentative(delegate: Hex, session: Session): Promise<Done> {
  const { network, patient } = session;
  const prepare = async () => {
    const { nonce } = await signedNext(patient, network);
    const deadline = await inSeconds(network, RELAY_SECONDS);
    const change = { identity: patient, delegate, nonce, deadline };
    return {
      data: revokeDelegateTypedData(change, network.chainId, registry(network)),
      body: { account: delegate, deadline },
    };
  };
  return signAndSend(`ending ${delegate}`, session, prepare, (body) =>
    call("POST", "/api/identity/representatives/ending", body),
  );
}

/** A new set with a salt of its own. Throws LayoutInvalid. */
export const newGuardianSet = (threshold: number, guardians: readonly Hex[]): GuardianSet =>
  guardianSetOf(threshold, guardians, hex(crypto.getRandomValues(new Uint8Array(32))));

/** Names these guardians, or nobody. */
export function nameGuardians(set: GuardianSet | null, session: Session): Promise<Done> {
  const { network, patient } = session;
  const commitment = set === null ? NOBODY : commitmentOf(set, patient);
  const prepare = async () => {
    const { nonce } = await signedNext(patient, network);
    const deadline = await inSeconds(network, RELAY_SECONDS);
    const naming = { identity: patient, commitment, nonce, deadline };
    return { data: namingTypedData(naming, network.chainId, registry(network)), body: { commitment, deadline } };
  };
  return signAndSend(`guardians ${commitment}`, session, prepare, (body) =>
    call("POST", "/api/identity/guardians", body),
  );
}

/** Stops the recovery for this new owner, if it is the pending one. */
export function stopRecovery(newOwner: Hex, session: Session): Promise<Done> {
  const { network, patient } = session;
  const prepare = async () => {
    const { nonce, recovery } = await signedNext(patient, network);
    const deadline = await inSeconds(network, RELAY_SECONDS);
    const of = { identity: patient, newOwner, attempt: recovery.attempt, nonce, deadline };
    return { data: vetoTypedData(of, network.chainId, registry(network)), body: { deadline } };
  };
  return signAndSend(`veto ${newOwner}`, session, prepare, (body) => call("POST", "/api/identity/veto", body));
}

const shown = ({ did, set }: Letter): { identity: string; guardianSet: GuardianSet } => ({
  identity: did,
  guardianSet: set,
});

/** What guardians have agreed to so far. */
export const lookAt = (letter: Letter): Promise<Guarded> => call("POST", "/api/recoveries/open", shown(letter));

/** One that a guardian would have set, who today sets `latest` (seconds since the epoch). Throws Mismatch. */
export function joinedDeadline(deadline: number, latest: number): number {
  const fits = Number.isSafeInteger(deadline) && deadline <= latest + APART_SECONDS && deadline > latest - AGREEMENT_SECONDS;
  if (!fits) throw new Mismatch();
  return deadline;
}

/** Signs as a guardian for this new owner, joining what others have signed for the same one. */
export function agree(letter: Letter, newOwner: Hex, session: Session): Promise<Guarded> {
  const { network } = session;
  const prepare = async () => {
    const [{ waiting }, { recovery }, latest] = await Promise.all([
      lookAt(letter),
      signedNext(letter.identity, network),
      inSeconds(network, AGREEMENT_SECONDS),
    ]);
    // Of the gateway's words only a deadline that a guardian would have set; which attempt it is, the chain says.
    const deadline = joinedDeadline(waiting.find((one) => one.newOwner === newOwner)?.deadline ?? latest, latest);
    const of = { identity: letter.identity, newOwner, attempt: recovery.attempt, deadline };
    const data = recoveryTypedData(of, network.chainId, registry(network));
    return { data, body: { ...shown(letter), newOwner, deadline } };
  };
  return signAndSend(`agreement ${letter.did} ${newOwner}`, session, prepare, (body) =>
    call("POST", "/api/recoveries/agreements", body),
  );
}

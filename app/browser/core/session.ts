/** From a wallet to a signed-in patient. */

import type { Hex } from "../layouts/bytes";
import * as api from "./api";
import { checkSignInText, Mismatch } from "./checks";
import { connect, ensureChain, signText, type Wallet } from "./wallets";

export interface Session {
  readonly wallet: Wallet;
  readonly account: Hex;
  readonly patient: Hex;
  readonly role: api.Me["role"];
  /** As the gateway names who signed in. */
  readonly who: api.Me;
  readonly network: api.Network;
}

/** did:ethr:<chain>:<address>; without a DID a patient is the account itself. */
function patientOf(who: api.Me): Hex {
  const last = who.did?.split(":").at(-1)?.toLowerCase();
  return last !== undefined && /^0x[0-9a-f]{40}$/.test(last) ? (last as Hex) : who.address;
}

async function alreadyIn(account: Hex): Promise<api.Me | null> {
  try {
    const who = await api.me();
    return who.address.toLowerCase() === account ? who : null;
  } catch (error) {
    // Not signed in yet is the ordinary case here; anything else will show again at the next call.
    if (error instanceof api.Problem && error.code !== "gateway-unreachable") return null;
    throw error;
  }
}

/**
 * The wallet's account signs in to act for somebody: for itself (null), or for the identity that a DID names. `sure` is asked
 * once the wallet has signed: what it throws is thrown, and nothing is begun. `changing`: from now on one sign-in takes the
 * place of the other. Nothing is begun once `signal` is aborted: its reason is thrown.
 */
export async function beginFor(
  did: string | null,
  { wallet, account, network }: Session,
  signal: AbortSignal,
  { sure, changing }: { readonly sure: () => Promise<void>; readonly changing: () => void },
): Promise<Session> {
  await ensureChain(wallet, network);
  signal.throwIfAborted();
  const { message } = await api.challenge(account);
  signal.throwIfAborted();
  checkSignInText(message, account, network);
  const signature = await signText(wallet, account, message);
  signal.throwIfAborted();
  await sure();
  signal.throwIfAborted();
  changing();
  // What the account was signed in for ends only when it is certain that the next can begin.
  await api.signIn(message, signature, did);
  const who = await api.me();
  if (who.address.toLowerCase() !== account || patientOf(who) !== (did?.split(":").at(-1)?.toLowerCase() ?? account)) {
    await api.signOut();
    throw new Mismatch("sign-in-mismatch");
  }
  return { wallet, account, patient: patientOf(who), role: who.role, who, network };
}

/** Connects, brings the wallet to the network's chain, and signs in unless a session of this account is still open. */
export async function begin(wallet: Wallet, network: api.Network): Promise<Session> {
  const account = await connect(wallet);
  await ensureChain(wallet, network);
  let who = await alreadyIn(account);
  if (who === null) {
    const { message } = await api.challenge(account);
    checkSignInText(message, account, network);
    await api.signIn(message, await signText(wallet, account, message));
    who = await api.me();
    if (who.address.toLowerCase() !== account) {
      await api.signOut();
      throw new Mismatch("sign-in-mismatch");
    }
  }
  return { wallet, account, patient: patientOf(who), role: who.role, who, network };
}

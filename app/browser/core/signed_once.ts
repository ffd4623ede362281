/**
 * What a wallet has signed is not asked for again: a signature whose relay came to no end is kept in memory, with what
 * was signed, and sent again by the next try.
 */

import type { Hex } from "../layouts/bytes";
import type { TypedData } from "../layouts/typed";
import { Problem } from "./api";
import type { Session } from "./session";
import { ensureChain, signTyped } from "./wallets";

/** What is signed, and what is sent with the signature. */
export interface Prepared<Body extends object> {
  readonly data: TypedData;
  readonly body: Body;
}

type Signed = { readonly signature: Hex };

const kept = new Map<string, object>();

/** After these nobody knows whether it arrived, or it may be sent again as it is. */
const UNSETTLED: ReadonlySet<string> = new Set([
  "gateway-unreachable", "chain-unreachable", "chain-stale", "rate-limited", "not-signed-in",
]);

/** `what` names the step among all of this account's; only one of that name waits at a time. */
export async function signAndSend<Body extends object, Answer>(
  what: string,
  { wallet, account, patient, network }: Session,
  prepare: () => Promise<Prepared<Body>>,
  send: (body: Body & Signed) => Promise<Answer>,
): Promise<Answer> {
  const key = `${account} ${patient} ${what}`;
  let body = kept.get(key) as (Body & Signed) | undefined;
  if (body === undefined) {
    const prepared = await prepare();
    await ensureChain(wallet, network);
    body = { ...prepared.body, signature: await signTyped(wallet, account, prepared.data) };
    kept.set(key, body);
  }
  try {
    const answer = await send(body);
    kept.delete(key);
    return answer;
  } catch (error) {
    if (!(error instanceof Problem) || !UNSETTLED.has(error.code)) kept.delete(key);
    throw error;
  }
}

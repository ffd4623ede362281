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
  "gateway-unreachable", "chain-unreachable", "chain-stale", "rate-limited", "not-signed-in", "sign-in-replaced",
]);

/** Whether it may have arrived, or can be sent again as it is. */
export const isUnsettled = (error: unknown): boolean => error instanceof Problem && UNSETTLED.has(error.code);

/**
 * `what` names the step among all of this account's; only one of that name waits at a time. `settled` tells of an answer
 * whether there is nothing left to send.
 */
export async function signAndSend<Body extends object, Answer>(
  what: string,
  { wallet, account, patient, network }: Session,
  prepare: () => Promise<Prepared<Body>>,
  send: (body: Body & Signed) => Promise<Answer>,
  settled: (answer: Answer) => boolean = () => true,
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
    if (settled(answer)) kept.delete(key);
    return answer;
  } catch (error) {
    if (!isUnsettled(error)) kept.delete(key);
    throw error;
  }
}

/** Ending a reading session before its time: its own key says so to every keeper, which answers it no more (K-26, W-31). */

import { base64 } from "../layouts/bytes";
import { dumps, type Json } from "../layouts/canonical";
import { isoOf } from "../layouts/times";
import type { Network } from "./api";
import { chainOf, clockOf } from "./chain";
import { committeesOf, everyKeeper, type SeatedKeeper } from "./committees";
import { KeeperFailed, post } from "./keepers";
import type { ReadingSession } from "./reading_session";
import { spoken } from "./spoken";

const ANSWER_BYTES = 65_536;
const PATIENCE_MILLISECONDS = 15_000;

export interface Ended {
  /** Keepers that answer it no more, */
  readonly heard: number;
  readonly of: number;
}

/** Tells every keeper. Who does not hear it will see the session end by itself. Throws Problem chain-unreachable, chain-wrong. */
export const endReadingSession = (reading: ReadingSession, network: Network): Promise<Ended> =>
  spoken(() => end(reading, network));

async function end({ actor, certificate, sign }: ReadingSession, network: Network): Promise<Ended> {
  const chain = chainOf(network);
  const [clock, committees] = await Promise.all([clockOf(chain), committeesOf(chain)]);
  const request = dumps({
    actor,
    chainId: chain.chainId,
    endedAt: isoOf(clock.now()),
    session: certificate as unknown as Json,
    type: "session-end",
  });
  const body = { request: base64(request), signature: base64(await sign(request)) };
  const keepers = everyKeeper(committees);
  const told = await Promise.all(keepers.map((keeper) => hears(keeper, body)));
  return { heard: told.filter(Boolean).length, of: keepers.length };
}

async function hears(keeper: SeatedKeeper, body: object): Promise<boolean> {
  try {
    const { keeper: who } = await post(keeper, "/sessions/revoked", body, ANSWER_BYTES, AbortSignal.timeout(PATIENCE_MILLISECONDS));
    return who === keeper.account;
  } catch (error) {
    if (error instanceof KeeperFailed || error instanceof DOMException) return false;
    throw error;
  }
}

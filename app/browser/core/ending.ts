/** Ending a reading session before its time: keepers hear it from the session's own key, and answer that key no more (K-26). */

import { base64 } from "../layouts/bytes";
import { dumps, type Json } from "../layouts/canonical";
import { isoOf } from "../layouts/times";
import type { Network } from "./api";
import { chainOf, clockOf } from "./chain";
import { committeesOf, everyKeeper, type SeatedKeeper } from "./committees";
import { KeeperFailed, post } from "./keepers";
import type { ReadingSession } from "./reading_session";

const ANSWER_BYTES = 16_384;

export interface Ended {
  /** Keepers that know it; `of` all that there ever were. */
  readonly told: number;
  readonly of: number;
}

/** Tells every keeper, and counts those that will answer this session no more. Throws what the chain endpoint throws. */
export async function endReading(reading: ReadingSession, network: Network, signal: AbortSignal): Promise<Ended> {
  const chain = chainOf(network);
  const [clock, committees] = await Promise.all([clockOf(chain), committeesOf(chain)]);
  const { actor, certificate, sign } = reading;
  const { kind, fields, signature } = certificate;
  const raw = dumps({
    actor,
    chainId: network.chainId,
    endedAt: isoOf(clock.now()),
    session: { fields, kind, signature } as Json,
    type: "session-end",
  });
  const body = { request: base64(raw), signature: base64(await sign(raw)) };
  const keepers = everyKeeper(committees);
  const heard = await Promise.all(keepers.map((keeper) => hears(keeper, body, signal)));
  return { told: heard.filter((one) => one).length, of: keepers.length };
}

async function hears(keeper: SeatedKeeper, body: object, signal: AbortSignal): Promise<boolean> {
  try {
    await post(keeper, "/sessions/revoked", body, ANSWER_BYTES, signal);
    return true;
  } catch (error) {
    // one that refuses to hear it answers this session as little
    if (error instanceof KeeperFailed) return error.kind === "said";
    throw error;
  }
}

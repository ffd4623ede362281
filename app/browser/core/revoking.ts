/** Revoking a consent at every keeper at once (design §4, Revoke). */

import type { Hex } from "../layouts/bytes";
import type { ShownConsent } from "./api";
import type { Session } from "./session";

export interface Revoked {
  /** Keepers whose signed word came that they release nothing more. */
  readonly acknowledged: number;
  readonly of: number;
  /** By which the gateway brought it to the chain; null if it did not. */
  readonly transaction: Hex | null;
}

export type RevokeEverywhere = (
  shown: ShownConsent,
  session: Session,
  progress: (acknowledged: number, of: number) => void,
) => Promise<Revoked>;

/** Who read the record: the account of accesses, verified in this browser (design §4, Account). */

import type { Bytes, Hex } from "../layouts/bytes";
import type { Network } from "../patient/api";
import type { ReadingSession } from "./reading_session";

export interface Access {
  /** `possible`: fewer keepers say so than a release takes. */
  readonly kind: "access" | "possible" | "refused";
  /** The first receipt's time, YYYY-MM-DDThh:mm:ssZ. */
  readonly at: string;
  readonly actor: Hex;
  /** The name of a person, where the network knows one. */
  readonly person: string | null;
  readonly practitioner: Hex | null;
  /** The member's registered name. */
  readonly member: string | null;
  readonly role: string | null;
  readonly purpose: string;
  readonly ground: "SELF" | "CONSENT" | "EMERGENCY";
  readonly consentId: Hex | null;
  readonly records: readonly Hex[];
  /** Categories whose seeds were given. */
  readonly seeds: readonly string[];
  /** Seats. */
  readonly keepers: readonly number[];
  /** `signed`: by the keeper, and not on chain yet. */
  readonly proven: "on-chain" | "signed";
}

/** What the account may lack. The words are the view's. */
export interface Missing {
  readonly kind: "keeper-silent" | "keeper-wrong" | "not-on-chain" | "left-out" | "head-old";
  readonly seat?: number;
  readonly host?: string;
  readonly count?: number;
}

export interface AccountOfAccesses {
  /** Newest first. */
  readonly accesses: readonly Access[];
  readonly missing: readonly Missing[];
  readonly verified: {
    readonly receipts: number;
    readonly roots: number;
    readonly keepers: number;
    /** The block that the roots were read at. */
    readonly head: number;
  };
  /** The file that `consentry verify` reads. */
  readonly file: Bytes;
}

export interface AccountOptions {
  readonly progress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

export type Account = (
  reading: ReadingSession,
  network: Network,
  options?: AccountOptions,
) => Promise<AccountOfAccesses>;

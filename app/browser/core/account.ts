/** Who read the record: the account of accesses, verified in this browser (design §4, Account). Views put it in words. */

import type { Bytes, Hex } from "../layouts/bytes";
import type { Network } from "./api";
import type { ReadingSession } from "./reading_session";

/**
 * One request of one actor, as the keepers noted it, and those of its items that came to the same end. `access`: keepers of
 * as many distinct seats as the threshold released each of them to this actor, so that it can be opened; `possible`: fewer
 * did. Shares of one item add up over all requests of an actor, as A-7 counts them.
 */
export interface Access {
  readonly kind: "access" | "possible" | "refused";
  /** Digest of the request, which every receipt of it names. */
  readonly request: Hex;
  /** The earliest that a keeper noted, YYYY-MM-DDThh:mm:ssZ. */
  readonly at: string;
  readonly actor: Hex;
  /** The name of a person, where the network knows one. */
  readonly person: string | null;
  /** Whom a system account asserted. */
  readonly practitioner: Hex | null;
  /** The member's registered name; null on the patient's side. */
  readonly member: string | null;
  /** Of the person, where the chain still says. */
  readonly role: string | null;
  readonly purpose: string;
  readonly ground: "SELF" | "CONSENT" | "EMERGENCY";
  readonly consentId: Hex | null;
  readonly openingId: Hex | null;
  readonly mandateId: Hex | null;
  /** The account that asserted a current episode. */
  readonly episode: Hex | null;
  readonly records: readonly Hex[];
  /** Categories of those records, each once. */
  readonly categories: readonly string[];
  /** Categories whose seeds were asked for. */
  readonly seeds: readonly string[];
  /** Seats that signed it, ascending. */
  readonly keepers: readonly number[];
  /** Of the committee whose shares these keepers hold. */
  readonly threshold: number;
  /** Why it was refused, by name; none of a release. */
  readonly reasons: readonly string[];
  /** `on-chain`: every receipt of it leads to a root there; `signed`: by the keepers, and some not on chain yet. */
  readonly proven: "on-chain" | "signed";
}

/** What the account lacks, or what does not hold; `member` is the keeper's registered name. */
export type Missing = { readonly seat: number; readonly member: string } & (
  | { /** Told nothing, or not to its end. */ readonly kind: "untold"; readonly code: string }
  | { /** Receipts were not on chain yet when it told them. */ readonly kind: "waiting"; readonly receipts: number }
  | {
      /** As many `others` noted requests that it does not show, all after `since`; most likely it was not asked. */
      readonly kind: "silent";
      readonly requests: number;
      readonly others: number;
      readonly since: string | null;
    }
  | {
      /** It told what does not hold: the first link that fails, as A-6 names it, and the receipt's number. */
      readonly kind: "false";
      readonly link: string;
      readonly seq: number | null;
    }
);

export interface AccountOfAccesses {
  /** Newest first. */
  readonly accesses: readonly Access[];
  readonly missing: readonly Missing[];
  readonly verified: {
    /** Whose signatures held. */
    readonly receipts: number;
    /** That were read on chain. */
    readonly roots: number;
    /** That told to their end, … */
    readonly keepers: number;
    /** … of those that were asked. */
    readonly asked: number;
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

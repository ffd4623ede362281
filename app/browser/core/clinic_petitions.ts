/** What patients ask about records of the hospital that serves this page, for those who answer (specification W-99, W-100). */

import type { Hex } from "../layouts/bytes";
import { call } from "./api";
import type { Petition } from "./petitions";

/** Whoever writes records answers for them (domain/retraction.py; a test compares); systems do so without a page. */
export const ANSWERING: readonly string[] = [
  "attending", "resident", "nurse", "pharmacist", "laboratory", "therapist", "psychiatrist",
];

export interface WaitingPetition extends Petition {
  /** The DID. */
  readonly patient: string;
  /** Null for a record that the hospital's book no longer holds, and for one stricter than the reader's role may see. */
  readonly category: string | null;
  readonly confidentiality: string | null;
  /** Null for a record that the hospital's book no longer holds. */
  readonly standing: "current" | "replaced" | "retracting" | "retracted" | null;
  /** The record that took its place. */
  readonly newer: Hex | null;
  /** Whether a store certified that it is gone. */
  readonly erased: boolean;
  /** Whether the hospital has done what was asked: else the gateway takes no "done". */
  readonly carriedOut: boolean;
  /** Until when the law keeps it from being erased, and by which source. */
  readonly law: { readonly until: string; readonly source: string } | null;
}

/** How many wait: the desk shows nothing of them, so no patient's trail needs to say that somebody looked. */
export const waitingCount = async (): Promise<number> =>
  (await call<{ open: number }>("GET", "/api/petitions/count")).open;

/** The oldest first; `more`: whether others follow. */
export interface WaitingPetitions {
  readonly petitions: readonly WaitingPetition[];
  readonly more: boolean;
}

/** Throws Problem role-unfit: somebody who is staff no more; role-writes-nothing: whose role does not answer for records. */
export const waitingPetitions = (): Promise<WaitingPetitions> => call("GET", "/api/petitions/open");

export const answerPetition = (id: Hex, state: "done" | "declined", words: string): Promise<Petition> =>
  call("POST", `/api/petitions/${id}/answer`, { state, words });

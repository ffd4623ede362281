/** What a clinician's page asks the own gateway. References stand for people in addresses; numbers and DIDs stand in bodies. */

import type { Hex } from "../layouts/bytes";
import type { Json } from "../layouts/canonical";
import type { TypedData } from "../layouts/typed";
import { call, type Relayed, type ShownConsent } from "./api";

/** Somebody who is linked to a patient number here. */
export interface Linked {
  readonly ref: string;
  readonly did: string;
  /** The number that the clinician typed to find or link the person; the gateway keeps none that it could tell. */
  readonly number?: string;
}

export interface Colleague {
  readonly account: Hex;
  /** Null for an account that the member's settings do not name. */
  readonly name: string | null;
  readonly role: string;
  readonly department: string;
  readonly licenceEndsAt: string;
  readonly active: boolean;
}

export interface DeskConsent extends ShownConsent {
  readonly patient: { readonly ref: string | null; readonly did: string };
  readonly proposedAt: string;
}

/** An opening that one of two people has signed, or is to sign. */
export interface Worded {
  readonly id: Hex;
  readonly opening: Json;
  readonly typedData: TypedData;
}

export interface HalfSigned extends Worded {
  /** The DID. */
  readonly patient: string;
}

/** Openings that wait for a second signature: `first` this person has signed, `second` this person is to sign. */
export interface WaitingIds {
  readonly first: readonly Hex[];
  readonly second: readonly Hex[];
}

export type Standing = "active" | "suspended" | "expelled";

export type Stage = "open" | "review-due" | "overdue";
export type Finding = "justified" | "unjustified";

export interface ListedOpening {
  readonly id: Hex;
  readonly stage: Stage;
  readonly first: Hex;
  readonly second: Hex;
  /** Null, as the patient, where another gateway relayed it. */
  readonly openedAt: string | null;
  readonly endsAt: string;
  readonly reviewBy: string;
  /** The DID; null where another gateway relayed it. */
  readonly patient: string | null;
}

export interface RelayedOpening extends Relayed {
  readonly id: Hex;
  readonly endsAt: string;
  readonly reviewBy: string;
}

export interface AskedTerms {
  readonly roles: readonly string[];
  readonly provisions: readonly Readonly<Record<string, string | readonly string[]>>[];
  readonly maxUses: number;
}

type Signable = Promise<{ readonly typedData: TypedData }>;
const OPENINGS = "/api/emergency/openings";

export const find = (by: { readonly mrn: string } | { readonly did: string }): Promise<Linked> =>
  call("POST", "/api/patients/find", by);
export const beginLink = (mrn: string, did: string): Promise<{ readonly ref: string; readonly challenge: string }> =>
  call("POST", "/api/patients/links", { mrn, did });

export const staff = async (): Promise<readonly Colleague[]> =>
  (await call<{ staff: Colleague[] }>("GET", "/api/staff")).staff;

/** How the chain has a member now. */
export async function standingOf(member: Hex): Promise<Standing> {
  const { members } = await call<{ members: readonly { address: Hex; status: Standing }[] }>("GET", "/api/members");
  return members.find(({ address }) => address === member)?.status ?? "active";
}

export const proposals = async (): Promise<readonly DeskConsent[]> =>
  (await call<{ consents: DeskConsent[] }>("GET", "/api/consents/proposals")).consents;
export const consentsOf = async (ref: string): Promise<readonly DeskConsent[]> =>
  (await call<{ consents: DeskConsent[] }>("GET", `/api/patients/links/${ref}/consents`)).consents;
/** Of what this person asked for, what no patient has answered yet; by id alone, as `waitingIds`. */
export const unanswered = async (): Promise<readonly Hex[]> =>
  (await call<{ ids: Hex[] }>("GET", "/api/consents/proposals/waiting")).ids;
export const propose = (
  patient: string,
  terms: AskedTerms,
  validFrom: string,
  validUntil: string,
): Promise<ShownConsent> => call("POST", "/api/consents/proposals", { patient, terms, validFrom, validUntil });

export const readingChallenge = (
  purpose: string,
): Promise<{ readonly typedData: TypedData; readonly ref: string }> =>
  call("POST", "/api/reading-sessions/challenges", { purpose });
export const openReading = (ref: string, signature: Hex): Promise<{ readonly expiresAt: string }> =>
  call("POST", "/api/reading-sessions", { ref, signature });

export const wordOpening = (asked: {
  readonly patient: string;
  readonly first: Hex;
  readonly second: Hex;
  readonly seconds: number;
}): Promise<Worded> => call("POST", `${OPENINGS}/proposals`, asked);
export const openings = async (): Promise<readonly ListedOpening[]> =>
  (await call<{ openings: ListedOpening[] }>("GET", OPENINGS)).openings;
export const keepWaiting = (opening: Json, signature: Hex): Promise<HalfSigned> =>
  call("POST", `${OPENINGS}/waiting`, { opening, signature });
export const waiting = async (): Promise<readonly HalfSigned[]> =>
  (await call<{ openings: HalfSigned[] }>("GET", `${OPENINGS}/waiting`)).openings;
/** By id alone: looking for them every few seconds leaves nothing in any patient's trail. */
export const waitingIds = (): Promise<WaitingIds> => call("GET", `${OPENINGS}/waiting/ids`);
export const countersign = (id: Hex, signature: Hex): Promise<RelayedOpening> =>
  call("POST", `${OPENINGS}/waiting/${id}`, { signature });
export const decline = (id: Hex): Promise<void> => call("DELETE", `${OPENINGS}/waiting/${id}`);
export const closing = (id: Hex): Signable => call("GET", `${OPENINGS}/${id}/closing`);
export const close = (id: Hex, signature: Hex): Promise<RelayedOpening> =>
  call("POST", `${OPENINGS}/${id}/closing`, { signature });
export const reviewing = (id: Hex, finding: Finding): Signable => call("GET", `${OPENINGS}/${id}/review/${finding}`);
export const review = (id: Hex, finding: Finding, signature: Hex): Promise<RelayedOpening> =>
  call("POST", `${OPENINGS}/${id}/review/${finding}`, { signature });

/** Consents that a mandate's representative makes, has signed and takes back for somebody else (C-18, C-19; W-107, W-108). */

import { hex, type Hex } from "../layouts/bytes";
import type { Json } from "../layouts/canonical";
import type { Mandate } from "../layouts/mandates";
import { revocationTypedData } from "../layouts/signed";
import { consent, consentTypedData, type Consent, type Provision, type Terms } from "../layouts/terms";
import { isoOf, secondsOf } from "../layouts/times";
import { PURPOSES } from "../layouts/words";
import { call, type Relayed, type ShownConsent } from "./api";
import { checkedConsent, contract, Mismatch } from "./checks";
import type { KnownMandate } from "./mandates";
import { ownId, type Given } from "./own_consents";
import type { Session } from "./session";
import { signAndSend } from "./signed_once";
import { signingClock } from "./signing_clock";
import { mandatesOf, standingsOf, type Stands } from "./standings";

/** For whom a mandate's own representative reads; institutions read for the others. */
const PERSONS: readonly string[] = ["PATRQT", "FAMRQT"];
const RELAY_SECONDS = 30 * 60;

/** For which purposes a mandate lets institutions be allowed to read. */
export function allowedPurposes({ scope }: Mandate): readonly string[] {
  const named = new Set(scope.provisions.flatMap(({ purposes }) => purposes));
  return PURPOSES.filter((one) => !PERSONS.includes(one) && (named.has(one) || named.has("any")));
}

export interface DraftUnder {
  readonly recipient: { readonly address: Hex; readonly name: string };
  readonly roles: Terms["roles"];
  readonly purposes: readonly string[];
  readonly categories: readonly string[];
  /** Seconds, exclusive. */
  readonly until: number;
}

/** Of each provision of the scope what was chosen, and nothing beyond it: all else is as the scope has it. */
export function provisionsInside({ scope }: Mandate, purposes: readonly string[], categories: readonly string[]): readonly Provision[] {
  const both = (chosen: readonly string[], most: readonly string[]): readonly string[] =>
    most.includes("any") ? chosen : chosen.filter((one) => most.includes(one));
  return scope.provisions
    .map((one) => ({ ...one, purposes: both(purposes, one.purposes), categories: both(categories, one.categories) }))
    .filter((one) => one.purposes.length > 0 && one.categories.length > 0);
}

/** The consent of what was chosen, with a salt of its own; nobody hears of it. Throws TermsInvalid, Problem. */
export async function draftUnder(draft: DraftUnder, { mandate }: KnownMandate, { network }: Session): Promise<Consent> {
  const now = (await signingClock(network)).now();
  const { recipient, roles, purposes, categories } = draft;
  const until = Math.min(draft.until, secondsOf(mandate.validUntil));
  return consent({
    patient: mandate.patient,
    terms: {
      recipientName: recipient.name, recipient: recipient.address, roles,
      provisions: provisionsInside(mandate, purposes, categories),
      maxUses: 0, salt: hex(crypto.getRandomValues(new Uint8Array(32))),
    },
    validFrom: isoOf(Math.max(now - 60, secondsOf(mandate.validFrom))),
    validUntil: isoOf(until),
    relayBefore: isoOf(Math.min(until, now + RELAY_SECONDS)),
  } as unknown as Json);
}

/** Whether the chain says now that the mandate is in force: it may have ended since its page was drawn. Throws Problem. */
export async function holds({ id, mandate }: KnownMandate, { network }: Session): Promise<boolean> {
  const [stands] = await standingsOf([{ id, patient: mandate.patient }], network);
  return stands?.standing === "active";
}

/** One signature over exactly this consent. */
export function giveUnder(made: Consent, { mandate }: KnownMandate, session: Session): Promise<Given> {
  const { network } = session;
  const data = consentTypedData(made, network.chainId, contract(network, "ConsentRegistry"));
  return signAndSend(`behalf ${ownId(made, network)}`, session, async () => ({ data, body: { consent: made, mandate } }), (body) =>
    call<Given>("POST", "/api/behalf/consents", body),
  );
}

/** One signature; keepers hear of it from the chain. */
export function revokeUnder(id: Hex, { mandate }: KnownMandate, session: Session): Promise<Relayed> {
  const { network } = session;
  const data = revocationTypedData(mandate.patient, id, network.chainId, contract(network, "ConsentRegistry"));
  return signAndSend(`behalf revoke ${id}`, session, async () => ({ data, body: { mandate } }), (body) =>
    call<Relayed>("POST", `/api/behalf/consents/${id}/revocation`, body),
  );
}

/** Tells the recipient's own gateway the terms and the mandate. */
export const handOnUnder = (id: Hex): Promise<void> => call("POST", `/api/behalf/consents/${id}/handing`);

export interface GrantedUnder extends Stands {
  readonly id: Hex;
  readonly consent: Consent;
}

/** What the account granted under this mandate through this gateway, as the chain has it. Throws Problem. */
export async function grantedUnder({ id, mandate }: KnownMandate, { network }: Session): Promise<readonly GrantedUnder[]> {
  const { consents } = await call<{ consents: ShownConsent[] }>("GET", "/api/behalf/consents");
  const mine = consents.flatMap((one) => {
    const read = one.under?.id === id ? readOrNull(one, mandate, network) : null;
    return read === null ? [] : [{ id: one.id, consent: read }];
  });
  const [stand, under] = await Promise.all([
    standingsOf(mine.map((one) => ({ id: one.id, patient: mandate.patient })), network),
    mandatesOf(mine.map((one) => one.id), network),
  ]);
  return mine.flatMap((one, at) => (under[at] === id ? [{ ...one, ...(stand[at] as Stands) }] : []));
}

function readOrNull(shown: ShownConsent, { patient }: Mandate, network: Session["network"]): Consent | null {
  try {
    return checkedConsent(shown, network, patient);
  } catch (error) {
    if (error instanceof Mismatch) return null;
    throw error;
  }
}

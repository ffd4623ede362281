/** Consents that the patient puts together: made here, signed, and only then told to a gateway, which keeps and relays them (W-90). */

import { hex, utf8, type Bytes, type Hex } from "../layouts/bytes";
import type { Json } from "../layouts/canonical";
import { LayoutInvalid } from "../layouts/errors";
import { replacementTypedData } from "../layouts/replacement";
import { consent, consentId, consentTypedData, type Consent, type Terms } from "../layouts/terms";
import { isoOf, secondsOf } from "../layouts/times";
import type { TypedData } from "../layouts/typed";
import { call, consents, type Network, type Relayed, type ShownConsent } from "./api";
import { contract } from "./checks";
import type { Session } from "./session";
import { signAndSend } from "./signed_once";
import { signingClock } from "./signing_clock";

/** What the patient chose; the page adds salt and relayBefore. */
export interface Draft {
  readonly recipient: { readonly address: Hex; readonly name: string };
  readonly terms: Pick<Terms, "roles" | "provisions" | "maxUses">;
  readonly validFrom: string;
  readonly validUntil: string;
}

export interface Member {
  readonly address: Hex;
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  /** The public address of its own gateway, if the serving one knows it. */
  readonly gateway?: string | null;
}

/** Everybody who was ever admitted. */
export const members = async (): Promise<readonly Member[]> =>
  (await call<{ members: Member[] }>("GET", "/api/members")).members;

/** Takes a proposal that nobody signed off the gateway's book. */
export const drop = (id: Hex): Promise<void> => call("DELETE", `/api/consents/${id}`);

/** How long a signature may wait for its relay; the newest block may be a little older than the moment of signing. */
const RELAY_SECONDS = 30 * 60;

/** The consent of what was chosen, with a salt of its own; nobody hears of it. Throws TermsInvalid, Problem. */
export async function draftOwn({ recipient, terms, validFrom, validUntil }: Draft, { patient, network }: Session): Promise<Consent> {
  const latest = (await signingClock(network)).now() + RELAY_SECONDS;
  const salt = hex(crypto.getRandomValues(new Uint8Array(32)));
  return consent({
    patient,
    terms: { recipientName: recipient.name, recipient: recipient.address, ...terms, salt },
    validFrom,
    validUntil,
    relayBefore: secondsOf(validUntil) < latest ? validUntil : isoOf(latest),
  } as unknown as Json);
}

export const ownId = (made: Consent, network: Network): Hex =>
  consentId(made, network.chainId, contract(network, "ConsentRegistry"));

/** Without a transaction where the chain had it before: an answer was lost. */
export interface Given {
  readonly id: Hex;
  readonly transaction: Hex | null;
}

/** One signature over exactly this consent, or over its taking the place of the consent `replaced`. */
export function giveOwn(made: Consent, replaced: Hex | null, session: Session): Promise<Given> {
  const { network } = session;
  const data =
    replaced === null
      ? consentTypedData(made, network.chainId, contract(network, "ConsentRegistry"))
      : replaceTypedData(made, replaced, session);
  const what = `own ${ownId(made, network)} ${replaced ?? ""}`;
  return signAndSend(what, session, async () => ({ data, body: { consent: made, replaces: replaced } }), (body) =>
    call<Given>("POST", "/api/consents/own/granted", body),
  );
}

/** What the patient signs so that `consent` takes the place of the consent `replaced`. */
export const replaceTypedData = (consent: Consent, replaced: Hex, { network }: Session): TypedData =>
  replacementTypedData(replaced, consent, network.chainId, contract(network, "ConsentRegistry"));

export const replace = (id: Hex, replaced: Hex, signature: Hex): Promise<Relayed> =>
  call("POST", `/api/consents/${id}/replacement/${replaced}`, { signature });

/** Tells the recipient's own gateway the terms of a consent that holds. */
export const handOn = (id: Hex): Promise<void> => call("POST", `/api/consents/${id}/handing`);

/** Brings terms that were signed at another member's page; gives the consent's id. */
export const bring = async (consent: Consent): Promise<Hex> =>
  (await call<{ id: Hex }>("POST", "/api/consents/brought", { consent })).id;

const KIND = "consentry-consent";
const MOST_CHARACTERS = 65_536;

/** The file that a patient takes along: what was signed, and no signature. */
export const consentBytes = (consent: Consent): Bytes =>
  utf8(`${JSON.stringify({ kind: KIND, version: 1, consent }, null, 2)}\n`);

/** Reads such a file. Throws LayoutInvalid, TermsInvalid. */
export function readConsent(text: string): Consent {
  const from = parsed(text) as { kind?: Json; consent?: Json } | null;
  if (from?.kind !== KIND || from.consent === undefined) throw new LayoutInvalid("not a consent's file");
  return consent(from.consent);
}

function parsed(text: string): unknown {
  if (text.length > MOST_CHARACTERS) throw new LayoutInvalid("not a consent's file");
  try {
    return JSON.parse(text);
  } catch {
    throw new LayoutInvalid("not a consent's file");
  }
}

/** The consent as the gateway shows it now; null for one that is gone: another tab may have been quicker. */
export async function again({ id }: ShownConsent): Promise<ShownConsent | null> {
  return (await consents()).find((one) => one.id === id) ?? null;
}

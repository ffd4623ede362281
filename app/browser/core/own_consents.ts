/** Consents that the patient puts together: kept by the gateway, checked when they come back, signed like any other. */

import { utf8, type Bytes, type Hex } from "../layouts/bytes";
import type { Json } from "../layouts/canonical";
import { LayoutInvalid } from "../layouts/errors";
import { replacementTypedData } from "../layouts/replacement";
import { consent, type Consent, type Terms } from "../layouts/terms";
import type { TypedData } from "../layouts/typed";
import { call, consents, type Relayed, type ShownConsent } from "./api";
import { checkedConsent, contract, Mismatch } from "./checks";
import type { Session } from "./session";

/** What the patient chose; the gateway adds salt and relayBefore. */
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

/** Has the gateway keep the proposal. Throws Mismatch when what comes back is not what the patient chose. */
export async function proposeOwn(draft: Draft, { network, patient }: Session): Promise<ShownConsent> {
  const { recipient, terms, validFrom, validUntil } = draft;
  const asked = { recipient: recipient.address, terms, validFrom, validUntil };
  const shown = await call<ShownConsent>("POST", "/api/consents/own", asked);
  const { terms: made, ...window } = checkedConsent(shown, network, patient);
  const same =
    made.recipient === recipient.address &&
    made.recipientName === recipient.name &&
    window.validFrom === validFrom &&
    window.validUntil === validUntil &&
    made.maxUses === terms.maxUses &&
    sameList(made.roles, terms.roles) &&
    made.provisions.length === terms.provisions.length &&
    made.provisions.every((one, at) => sameProvision(one, terms.provisions[at]));
  if (!same) throw new Mismatch();
  return shown;
}

type Provision = Terms["provisions"][number];

const sameList = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((one, at) => one === right[at]);

function sameProvision(left: Provision, right: Provision | undefined): boolean {
  return (
    right !== undefined &&
    sameList(left.purposes, right.purposes) &&
    sameList(left.categories, right.categories) &&
    sameList(left.authors, right.authors) &&
    sameList(left.records, right.records) &&
    left.confidentiality === right.confidentiality &&
    left.dataFrom === right.dataFrom &&
    left.dataUntil === right.dataUntil
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

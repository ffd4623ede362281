/**
 * Mandates: given by the controller's signature, built here from what was chosen; kept by the gateway for those who act by
 * them. How one stands, the chain says (C-17, W-85).
 */

import { hex, utf8, type Bytes, type Hex } from "../layouts/bytes";
import type { Json } from "../layouts/canonical";
import { LayoutError, LayoutInvalid } from "../layouts/errors";
import { mandate as read, mandateId, mandateTypedData, type Mandate, type Scope } from "../layouts/mandates";
import { isoOf } from "../layouts/times";
import { call, type Network } from "./api";
import { contract } from "./checks";
import type { Done } from "./identity";
import type { Session } from "./session";
import { signAndSend } from "./signed_once";
import { signingClock } from "./signing_clock";
import { standingsOf, type Stands } from "./standings";

export interface KnownMandate extends Stands {
  readonly id: Hex;
  readonly mandate: Mandate;
  /** The patient's own word for the person; empty for everybody else. */
  readonly name: string;
}

export interface Mandates {
  /** By the patient. */
  readonly given: readonly KnownMandate[];
  /** By which the signed-in account acts for others. */
  readonly held: readonly KnownMandate[];
}

/** What the gateway keeps of one. */
interface Kept {
  readonly id: Hex;
  readonly mandate: Json;
  readonly name: string;
}

/** What the patient chose; `until` in seconds, exclusive. */
export interface MandateDraft {
  readonly representative: Hex;
  readonly provisions: Scope["provisions"];
  readonly until: number;
}

/** How long a signature may wait for its relay. */
const RELAY_SECONDS = 15 * 60;
/** The newest block may be a little older than the moment of signing. */
const BEFORE_SECONDS = 60;

export const idOf = (mandate: Mandate, network: Network): Hex =>
  mandateId(mandate, network.chainId, contract(network, "ConsentRegistry"));

/** Those that the gateway has, are what their id says, concern whom they should, and are known to the chain. Throws Problem. */
export async function mandates({ patient, account, network }: Session): Promise<Mandates> {
  const { given, held } = await call<{ given: Kept[]; held: Kept[] }>("GET", "/api/mandates");
  const [own, others] = await Promise.all([
    known(given, (one) => one.patient === patient, network),
    known(held, (one) => one.representative === account && one.patient !== account, network),
  ]);
  return { given: own, held: others.map((one) => ({ ...one, name: "" })) };
}

async function known(kept: readonly Kept[], concerns: (one: Mandate) => boolean, network: Network): Promise<KnownMandate[]> {
  const found = kept.flatMap(({ id, mandate, name }) => {
    const one = readOrNull(mandate);
    return one !== null && concerns(one) && idOf(one, network) === id ? [{ id, mandate: one, name }] : [];
  });
  const stand = await standingsOf(found.map(({ id, mandate }) => ({ id, patient: mandate.patient })), network);
  return found.flatMap((one, at) => {
    const stands = stand[at] as Stands;
    return stands.standing === "unknown" ? [] : [{ ...one, ...stands }];
  });
}

function readOrNull(value: Json): Mandate | null {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof LayoutError) return null;
    throw error;
  }
}

/** The mandate of what was chosen, by the chain's clock, with a salt of its own. Throws Problem, TermsInvalid. */
export async function draftMandate({ representative, provisions, until }: MandateDraft, { patient, network }: Session): Promise<Mandate> {
  const now = (await signingClock(network)).now();
  const salt = hex(crypto.getRandomValues(new Uint8Array(32)));
  return read({
    patient,
    representative,
    scope: { provisions, salt },
    validFrom: isoOf(now - BEFORE_SECONDS),
    validUntil: isoOf(until),
    relayBefore: isoOf(Math.min(until, now + RELAY_SECONDS)),
  } as unknown as Json);
}

/** One signature over exactly this mandate; `name` is the patient's own word for the person. */
export function giveMandate(mandate: Mandate, name: string, session: Session): Promise<Done> {
  const { network } = session;
  const data = mandateTypedData(mandate, network.chainId, contract(network, "ConsentRegistry"));
  return signAndSend(`mandate ${idOf(mandate, network)}`, session, async () => ({ data, body: { mandate, name } }), (body) =>
    call("POST", "/api/mandates", body),
  );
}

const KIND = "consentry-mandate";
const MOST_CHARACTERS = 65_536;

/** The file that a patient gives the representative, for the page of another gateway: what was signed, and no signature. */
export const mandateBytes = (mandate: Mandate): Bytes =>
  utf8(`${JSON.stringify({ kind: KIND, version: 1, mandate }, null, 2)}\n`);

/** The mandate of such a file, with what the chain says of it. Throws LayoutInvalid, TermsInvalid; Problem. */
export async function bringMandate(text: string, { account, network }: Session): Promise<KnownMandate> {
  const from = parsed(text) as { kind?: Json; mandate?: Json } | null;
  if (from?.kind !== KIND) throw new LayoutInvalid("not a mandate's file");
  const mandate = read(from.mandate);
  if (mandate.representative !== account) throw new LayoutInvalid("somebody else's mandate");
  const id = idOf(mandate, network);
  const [stands] = await standingsOf([{ id, patient: mandate.patient }], network);
  return { id, mandate, name: "", ...(stands as Stands) };
}

function parsed(text: string): unknown {
  if (text.length > MOST_CHARACTERS) throw new LayoutInvalid("not a mandate's file");
  try {
    return JSON.parse(text);
  } catch {
    throw new LayoutInvalid("not a mandate's file");
  }
}

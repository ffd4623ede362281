/** Requests: what a reader signs and every keeper judges (K-1, L-19). */

import { concat, unhex, utf8, type Bytes, type Hex } from "./bytes";
import { exactly, loadObject, type Json, type JsonObject } from "./canonical";
import { episodeAssertion, type EpisodeAssertion } from "./episodes";
import { LayoutInvalid, SignatureInvalid } from "./errors";
import { account, blob, cid, digest, hexOf, integer, list, oneOf, orNull, time } from "./fields";
import { sha256 } from "./hashes";
import { header, sealing, type Header, type Sealing } from "./headers";
import { PUBLIC_KEY_BYTES } from "./hpke";
import { mandate, type Mandate } from "./mandates";
import { parseProof, type Proof } from "./merkle";
import { opening, type Opening } from "./openings";
import { certificate, type SessionCertificate } from "./sessions";
import { terms, termsHash, type Terms } from "./terms";
import { secondsOf } from "./times";
import { CATEGORIES, PURPOSES } from "./words";

const MAX_BYTES = 1 << 20;
const MAX_ITEMS = 100;
/** Why somebody reads on a patient's behalf. */
const BEHALF: readonly string[] = ["PATRQT", "FAMRQT"];
const DOMAIN = utf8("consentry/v1/request");

const KEYS = [
  "actor", "chainId", "consentRegistry", "episode", "ground", "issuedAt", "items", "nonce", "practitioner", "purpose",
  "sealTo", "session",
];

export type Ground =
  | { readonly type: "SELF"; readonly patient: Hex; readonly mandate: Mandate | null }
  | {
      readonly type: "CONSENT";
      readonly patient: Hex;
      readonly grant: JsonObject;
      readonly terms: Terms;
      /** Under which the consent was granted, if it was. */
      readonly mandate: Mandate | null;
    }
  | { readonly type: "EMERGENCY"; readonly patient: Hex; readonly opening: Opening };

export type Item =
  | {
      readonly type: "record";
      readonly patient: Hex;
      readonly header: Header;
      readonly sealing: Sealing;
      readonly root: Hex;
      readonly proof: Proof;
    }
  | { readonly type: "seed"; readonly patient: Hex; readonly category: string; readonly documentCid: string };

export interface ReleaseRequest {
  readonly actor: Hex;
  readonly chainId: number;
  readonly consentRegistry: Hex;
  /** Only under CONSENT. */
  readonly episode: EpisodeAssertion | null;
  readonly ground: Ground;
  readonly issuedAt: string;
  readonly items: readonly Item[];
  readonly nonce: Hex;
  readonly practitioner: Hex | null;
  readonly purpose: string;
  readonly sealTo: Bytes;
  readonly session: SessionCertificate;
}

function ground(value: Json): Ground {
  const given = value as JsonObject | null;
  const kind = given?.type;
  const mandated = given?.mandate === undefined ? [] : ["mandate"];
  if (kind === "SELF") {
    const from = exactly(value, ["patient", "type", ...mandated]);
    const patient = account(from.patient, "ground.patient");
    return { type: "SELF", patient, mandate: readMandate(from.mandate, patient) };
  }
  if (kind === "EMERGENCY") {
    const shown = opening(exactly(value, ["opening", "type"]).opening, "ground.opening");
    return { type: "EMERGENCY", patient: shown.subject.patient, opening: shown };
  }
  const from = exactly(value, ["grant", "terms", "type", ...mandated]);
  oneOf(from.type, ["CONSENT"], "ground.type");
  const grant = exactly(from.grant, ["patient", "relayBefore", "termsHash", "validFrom", "validUntil"]);
  const granted = readTerms(from.terms as Json);
  if (digest(grant.termsHash, "grant.termsHash") !== termsHash(granted)) {
    throw new LayoutInvalid("grant.termsHash: not the hash of the terms");
  }
  for (const moment of [grant.validFrom, grant.validUntil, grant.relayBefore]) {
    if (secondsOf(time(moment, "grant")) < 0) throw new LayoutInvalid("grant: before 1970");
  }
  const patient = account(grant.patient, "grant.patient");
  return { type: "CONSENT", patient, grant, terms: granted, mandate: readMandate(from.mandate, patient) };
}

function signed<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new LayoutInvalid(`${where}: ${(error as Error).message}`);
  }
}

const readTerms = (value: Json): Terms => signed("ground.terms", () => terms(value));

function readMandate(value: Json | undefined, patient: Hex): Mandate | null {
  if (value === undefined) return null;
  const read = signed("ground.mandate", () => mandate(value));
  if (read.patient !== patient) throw new LayoutInvalid("ground.mandate.patient: not the ground's");
  return read;
}

function item(value: Json): Item {
  if ((value as JsonObject | null)?.type === "seed") {
    const from = exactly(value, ["category", "documentCid", "patient", "type"]);
    return {
      type: "seed",
      patient: account(from.patient, "item.patient"),
      category: oneOf(from.category, CATEGORIES, "item.category"),
      documentCid: cid(from.documentCid, "item.documentCid"),
    };
  }
  const from = exactly(value, ["header", "proof", "root", "sealing", "type"]);
  oneOf(from.type, ["record"], "item.type");
  const asked = header(from.header as Json);
  return {
    type: "record",
    patient: asked.patient,
    header: asked,
    sealing: sealing(from.sealing as Json),
    root: digest(from.root, "item.root"),
    proof: parseProof(from.proof),
  };
}

function items(value: Json | undefined): readonly Item[] {
  const asked = list(value, "items", 1, MAX_ITEMS);
  // They come from canonical bytes: what is equal is written alike.
  if (new Set(asked.map((one) => JSON.stringify(one))).size !== asked.length) {
    throw new LayoutInvalid("items: the same one twice");
  }
  return asked.map(item);
}

/** Who reads: the practitioner whom a system account names, else the account itself. */
export const readerOf = ({ actor, practitioner }: ReleaseRequest): Hex => practitioner ?? actor;

/** That actor, purpose, ground and practitioner are those that the session allows. */
function checkSession(request: ReleaseRequest): void {
  const { session, ground: given } = request;
  if (session.kind === "patient") {
    if (given.type !== "SELF" || session.fields.patient !== given.patient) {
      throw new LayoutInvalid("ground: not SELF of the patient who opened the session");
    }
    if (given.mandate !== null) {
      if (given.mandate.representative !== request.actor) throw new LayoutInvalid("ground.mandate: not the actor's");
      if (!BEHALF.includes(request.purpose)) throw new LayoutInvalid("purpose: not on the patient's behalf");
    }
  } else {
    if (session.fields.actor !== request.actor) throw new LayoutInvalid("actor: not the session's");
    if (session.fields.purpose !== request.purpose && session.fields.purpose !== "any") {
      throw new LayoutInvalid("purpose: not the session's");
    }
    if (given.type === "SELF") throw new LayoutInvalid("ground: neither CONSENT nor EMERGENCY in a session of staff");
  }
  if (given.type === "EMERGENCY" && session.kind !== "staff") {
    throw new LayoutInvalid("ground: EMERGENCY in a session that is not a person's own");
  }
  if ((session.kind === "system") !== (request.practitioner !== null)) {
    throw new LayoutInvalid("practitioner: named exactly when a system account asks");
  }
  if (request.practitioner === request.actor) throw new LayoutInvalid("practitioner: not somebody else than the actor");
  if (request.episode !== null) {
    if (given.type !== "CONSENT") throw new LayoutInvalid("episode: asserted under CONSENT only");
    if (request.episode.by === readerOf(request)) throw new LayoutInvalid("episode.by: not somebody else than who reads");
  }
}

/** The request of canonical bytes. Throws LayoutInvalid. */
export function parseRequest(raw: Uint8Array): ReleaseRequest {
  if (raw.length > MAX_BYTES) throw new LayoutInvalid("a request has at most 1 MiB");
  const from = loadObject(raw, KEYS);
  const request: ReleaseRequest = {
    actor: account(from.actor, "actor"),
    chainId: integer(from.chainId, "chainId", 1),
    consentRegistry: account(from.consentRegistry, "consentRegistry"),
    episode: orNull(from.episode, "episode", episodeAssertion),
    ground: ground(from.ground as Json),
    issuedAt: time(from.issuedAt, "issuedAt"),
    items: items(from.items),
    nonce: hexOf(from.nonce, "nonce", 16, 32),
    practitioner: orNull(from.practitioner, "practitioner", account),
    purpose: oneOf(from.purpose, PURPOSES, "purpose"),
    sealTo: blob(from.sealTo, "sealTo", PUBLIC_KEY_BYTES),
    session: certificate(from.session),
  };
  if (request.items.some(({ patient }) => patient !== request.ground.patient)) {
    throw new LayoutInvalid("items: of another patient than the ground");
  }
  checkSession(request);
  return request;
}

export const requestDigest = (raw: Uint8Array): Promise<Bytes> => sha256(DOMAIN, raw);

/** Throws SignatureInvalid unless the session key (65 bytes as hex, uncompressed P-256 point) signed the request. */
export async function checkRequestSignature(sessionKey: string, raw: Uint8Array, signature: Bytes): Promise<void> {
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  let valid: boolean;
  try {
    const key = await crypto.subtle.importKey("raw", unhex(sessionKey, 65), curve, false, ["verify"]);
    valid = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, concat(DOMAIN, raw));
  } catch {
    throw new SignatureInvalid("the session key is not a point of P-256");
  }
  if (!valid || signature.length !== 64) throw new SignatureInvalid("the session key did not sign this request");
}

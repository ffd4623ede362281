/** Sessions: one wallet signature that lets a P-256 key sign requests for some hours (design §4, Sessions). */

import { unhex, type Hex } from "./bytes";
import { exactly, type Json, type JsonObject } from "./canonical";
import { LayoutInvalid, SignatureInvalid } from "./errors";
import { account, hexOf, name, oneOf, time } from "./fields";
import { recoverSigner } from "./signatures";
import { fields, typedDigest, type TypedData } from "./typed";
import { PURPOSES } from "./words";

export const PATIENT_STATEMENT = "I open my health record on this page. Until the time shown, the page may read for me.";
const ANY_PURPOSE = "any";

const STRUCTS = {
  Session: fields("address actor,string member,string purpose,string key,string expires"),
  PatientSession: fields("address patient,string servedBy,string key,string expires,string statement"),
};

export interface SessionCertificate {
  readonly kind: "staff" | "system" | "patient";
  readonly fields: JsonObject;
  readonly signature: Hex;
}

function sessionKey(value: Json | undefined): Hex {
  const key = hexOf(value, "session.key", 65);
  if (!key.startsWith("0x04")) throw new LayoutInvalid("session.key: not an uncompressed point");
  return key;
}

function personal(value: Json, purposes: readonly string[]): JsonObject {
  const from = exactly(value, ["actor", "member", "purpose", "key", "expires"]);
  return {
    actor: account(from.actor, "session.actor"),
    member: name(from.member, "session.member"),
    purpose: oneOf(from.purpose, purposes, "session.purpose"),
    key: sessionKey(from.key),
    expires: time(from.expires, "session.expires"),
  };
}

function patients(value: Json): JsonObject {
  const from = exactly(value, ["patient", "servedBy", "key", "expires", "statement"]);
  return {
    patient: account(from.patient, "session.patient"),
    servedBy: name(from.servedBy, "session.servedBy"),
    key: sessionKey(from.key),
    expires: time(from.expires, "session.expires"),
    statement: oneOf(from.statement, [PATIENT_STATEMENT], "session.statement"),
  };
}

/** What a person's session says, staff's or a patient's. Throws LayoutInvalid. */
export const sessionFields = (kind: "staff" | "patient", value: Json): JsonObject =>
  kind === "patient" ? patients(value) : personal(value, PURPOSES);

/** The certificate of its JSON form. Throws LayoutInvalid. */
export function certificate(value: Json | undefined): SessionCertificate {
  const from = exactly(value, ["fields", "kind", "signature"]);
  const kind = oneOf(from.kind, ["staff", "system", "patient"], "session.kind") as SessionCertificate["kind"];
  const inner = from.fields as Json;
  // A system account serves many people; a person opens a session for one purpose.
  const purposes = kind === "system" ? [...PURPOSES, ANY_PURPOSE] : PURPOSES;
  return {
    kind,
    fields: kind === "patient" ? patients(inner) : personal(inner, purposes),
    signature: hexOf(from.signature, "session.signature", 65),
  };
}

/** What the wallet showed. */
export function sessionTypedData(
  { kind, fields: message }: Pick<SessionCertificate, "kind" | "fields">,
  chainId: number,
): TypedData {
  const primaryType = kind === "patient" ? "PatientSession" : "Session";
  return {
    domain: { name: "Consentry session", version: "1", chainId },
    primaryType,
    types: { EIP712Domain: fields("string name,string version,uint256 chainId"), [primaryType]: STRUCTS[primaryType] },
    message,
  };
}

/** Who signed the session; staff and systems sign as the account that it names. Throws SignatureInvalid. */
export async function sessionSigner(session: SessionCertificate, chainId: number): Promise<Hex> {
  const digest = unhex(typedDigest(sessionTypedData(session, chainId)));
  const signer = await recoverSigner(digest, unhex(session.signature));
  if (session.kind !== "patient" && signer !== session.fields.actor) {
    throw new SignatureInvalid("the session is signed by another account than it names");
  }
  return signer;
}

/** Break-glass openings: what two people sign, and as requests show them, patient and salt included (E-1, K-15). */

import type { Hex } from "./bytes";
import { exactly, type Json, type JsonObject } from "./canonical";
import { LayoutInvalid } from "./errors";
import { account, digest, name, time } from "./fields";
import { secondsOf } from "./times";
import { domain, DOMAIN_FIELDS, fields, typedDigest, type TypedData } from "./typed";

const ZERO = /^0x0+$/;

export interface Opening {
  readonly subject: { readonly patient: Hex; readonly salt: Hex };
  readonly member: string;
  readonly first: Hex;
  readonly second: Hex;
  readonly openUntil: string;
  readonly relayBefore: string;
}

function moment(value: Json | undefined, where: string): string {
  const text = time(value, where);
  if (secondsOf(text) < 0) throw new LayoutInvalid(`${where}: before 1970`);
  return text;
}

/** The opening of its JSON form. Throws LayoutInvalid. */
export function opening(value: Json | undefined, where: string): Opening {
  const from = exactly(value, ["subject", "member", "first", "second", "openUntil", "relayBefore"]);
  const subject = exactly(from.subject, ["patient", "salt"]);
  const read: Opening = {
    subject: {
      patient: account(subject.patient, `${where}.subject.patient`),
      salt: digest(subject.salt, `${where}.subject.salt`),
    },
    member: name(from.member, `${where}.member`),
    first: account(from.first, `${where}.first`),
    second: account(from.second, `${where}.second`),
    openUntil: moment(from.openUntil, `${where}.openUntil`),
    relayBefore: moment(from.relayBefore, `${where}.relayBefore`),
  };
  if ([read.subject.salt, read.first, read.second].some((one) => ZERO.test(one))) {
    throw new LayoutInvalid(`${where}: zero for a salt or a person`);
  }
  if (read.first === read.second) throw new LayoutInvalid(`${where}: one person twice`);
  return read;
}

/** What both people sign; the contract hashes the same sentence. */
export const OPENING_STATEMENT = "This is an emergency. We need the emergency summary of this patient.";

const OPENING_TYPES = {
  EIP712Domain: DOMAIN_FIELDS,
  Opening: fields(
    "Subject subject,string statement,string member,address first,address second,string openUntil,string relayBefore",
  ),
  Subject: fields("address patient,bytes32 salt"),
};

/** What both wallets show and sign; `contract` is EmergencyAccess. */
export const openingTypedData = (value: Opening, chainId: number, contract: Hex): TypedData => ({
  domain: domain("Consentry Emergency", chainId, contract),
  primaryType: "Opening",
  types: OPENING_TYPES,
  message: { ...(value as unknown as JsonObject), statement: OPENING_STATEMENT },
});

export const openingId = (value: Opening, chainId: number, contract: Hex): Hex =>
  typedDigest(openingTypedData(value, chainId, contract));

/** What closes one early; the contract hashes the same sentence. */
export const CLOSING_STATEMENT = "I close this emergency opening. Nothing more may be released under it.";
/** What a third person signs about it. */
export const REVIEW_STATEMENT = "I have reviewed this emergency opening. I am neither of the two who opened it.";

export const closingTypedData = (closer: Hex, id: Hex, chainId: number, contract: Hex): TypedData => ({
  domain: domain("Consentry Emergency", chainId, contract),
  primaryType: "Closing",
  types: { EIP712Domain: DOMAIN_FIELDS, Closing: fields("address closer,string statement,bytes32 openingId") },
  message: { closer, statement: CLOSING_STATEMENT, openingId: id },
});

export const reviewTypedData = (reviewer: Hex, id: Hex, finding: string, chainId: number, contract: Hex): TypedData => ({
  domain: domain("Consentry Emergency", chainId, contract),
  primaryType: "Review",
  types: {
    EIP712Domain: DOMAIN_FIELDS,
    Review: fields("address reviewer,string statement,bytes32 openingId,string finding"),
  },
  message: { reviewer, statement: REVIEW_STATEMENT, openingId: id, finding },
});

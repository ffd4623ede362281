/** Consents: their fields, checked before anyone is asked to sign, and their typed data (C-1, C-10, C-11). */

import { hashStruct } from "viem";

import { address, unhex, type Hex } from "./bytes";
import { dumps, exactly, type Json, type JsonObject } from "./canonical";
import { TermsInvalid } from "./errors";
import { isName } from "./fields";
import { secondsOf } from "./times";
import { domain, DOMAIN_FIELDS, fields, typedDigest, type TypedData } from "./typed";
import { CATEGORIES, PURPOSES, ROLES } from "./words";

export interface Provision {
  readonly purposes: readonly string[];
  readonly categories: readonly string[];
  readonly confidentiality: string;
  readonly dataFrom: string;
  readonly dataUntil: string;
  readonly authors: readonly string[];
  readonly records: readonly string[];
}

export interface Terms {
  readonly recipientName: string;
  readonly recipient: Hex;
  readonly roles: readonly string[];
  readonly provisions: readonly Provision[];
  readonly maxUses: number;
  readonly salt: Hex;
}

export interface Consent {
  readonly patient: Hex;
  readonly terms: Terms;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly relayBefore: string;
}

export const PROVISION_FIELDS = fields(
  "string[] purposes,string[] categories,string confidentiality,string dataFrom,string dataUntil," +
    "string[] authors,string[] records",
);

const CONSENT_TYPES = {
  EIP712Domain: DOMAIN_FIELDS,
  Consent: fields("address patient,Terms terms,string validFrom,string validUntil,string relayBefore"),
  Terms: fields(
    "string recipientName,address recipient,string[] roles,Provision[] provisions,uint32 maxUses,bytes32 salt",
  ),
  Provision: PROVISION_FIELDS,
};

const MAX_LIST = 100;
export const MAX_PROVISIONS = 20;
export const MAX_TERMS_BYTES = 16_384;
const RECORD_ID = /^0x[0-9a-f]{64}$/;

/** A list of different values that all fit, or "any" alone. */
function texts(value: Json | undefined, what: string, fits: (text: string) => boolean): readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_LIST || new Set(value).size !== value.length) {
    throw new TermsInvalid(`${what}: not 1 to ${MAX_LIST} different values`);
  }
  const any = value.length === 1 && value[0] === "any";
  if (!any && value.some((item) => typeof item !== "string" || item === "any" || !fits(item))) {
    throw new TermsInvalid(`${what}: an unknown value, or "any" among others`);
  }
  return value as readonly string[];
}

/** Whatever goes wrong is the terms' fault. */
export function check<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TermsInvalid) throw error;
    throw new TermsInvalid(what);
  }
}

/** Two times, the second one later. Throws TermsInvalid. */
export function window(from: Json | undefined, until: Json | undefined, what: string): [string, string] {
  const [start, end] = check(what, () => [secondsOf(from as string), secondsOf(until as string)] as const);
  if (start >= end) throw new TermsInvalid(`${what} is empty`);
  return [from as string, until as string];
}

/** One permission. Throws TermsInvalid. */
export function provision(value: Json): Provision {
  const from = check("a provision has other fields", () =>
    exactly(value, ["purposes", "categories", "confidentiality", "dataFrom", "dataUntil", "authors", "records"]),
  );
  if (!["N", "R", "V", "any"].includes(from.confidentiality as string)) throw new TermsInvalid("confidentiality is unknown");
  const bounds = [from.dataFrom, from.dataUntil];
  if (!bounds.includes("any")) window(from.dataFrom, from.dataUntil, "the period of the data");
  for (const bound of bounds) if (bound !== "any") check("the period of the data", () => secondsOf(bound as string));
  return {
    purposes: texts(from.purposes, "purposes", (text) => PURPOSES.includes(text)),
    categories: texts(from.categories, "categories", (text) => CATEGORIES.includes(text)),
    confidentiality: from.confidentiality as string,
    dataFrom: from.dataFrom as string,
    dataUntil: from.dataUntil as string,
    authors: texts(from.authors, "authors", isName),
    records: texts(from.records, "records", (text) => RECORD_ID.test(text)),
  };
}

/** Terms whose every field has the form that C-11 asks for. Throws TermsInvalid. */
export function terms(value: Json | undefined): Terms {
  const from = check("the terms have other fields", () =>
    exactly(value, ["recipientName", "recipient", "roles", "provisions", "maxUses", "salt"]),
  );
  check("recipient", () => address(from.recipient as string));
  check("salt", () => unhex(from.salt as string, 32));
  if (/^0x0+$/.test(from.recipient as string) || /^0x0+$/.test(from.salt as string)) {
    throw new TermsInvalid("recipient or salt is zero");
  }
  const uses = from.maxUses;
  if (typeof uses !== "number" || !Number.isInteger(uses) || uses < 0 || uses > 0xffffffff) {
    throw new TermsInvalid("maxUses is not a number of uses");
  }
  if (typeof from.recipientName !== "string" || !isName(from.recipientName)) throw new TermsInvalid("recipientName");
  const size = check("the terms have no canonical form", () => dumps(from).length);
  if (size > MAX_TERMS_BYTES) throw new TermsInvalid(`the terms are larger than ${MAX_TERMS_BYTES} bytes`);
  if (!Array.isArray(from.provisions) || from.provisions.length < 1 || from.provisions.length > MAX_PROVISIONS) {
    throw new TermsInvalid(`not 1 to ${MAX_PROVISIONS} provisions`);
  }
  return {
    recipientName: from.recipientName,
    recipient: from.recipient as Hex,
    roles: texts(from.roles, "roles", (text) => ROLES.includes(text)),
    provisions: from.provisions.map(provision),
    maxUses: uses,
    salt: from.salt as Hex,
  };
}

/** A consent in the same form. Throws TermsInvalid. */
export function consent(value: Json): Consent {
  const from = check("the consent has other fields", () =>
    exactly(value, ["patient", "terms", "validFrom", "validUntil", "relayBefore"]),
  );
  check("patient", () => address(from.patient as string));
  const [validFrom, validUntil] = window(from.validFrom, from.validUntil, "the window");
  const relayBefore = check("relayBefore", () => secondsOf(from.relayBefore as string));
  if (secondsOf(validFrom) < 0 || relayBefore < 0) throw new TermsInvalid("a time is before 1970");
  if (relayBefore > secondsOf(validUntil)) throw new TermsInvalid("relayBefore is later than validUntil");
  return {
    patient: from.patient as Hex,
    terms: terms(from.terms),
    validFrom,
    validUntil,
    relayBefore: from.relayBefore as string,
  };
}

/** hashStruct(Terms): what the transaction carries. */
export function termsHash(value: Terms): Hex {
  const { EIP712Domain: _, ...types } = CONSENT_TYPES;
  return hashStruct({ data: value as unknown as Record<string, unknown>, primaryType: "Terms", types });
}

export const consentTypedData = (value: Consent, chainId: number, contract: Hex): TypedData => ({
  domain: domain("Consentry", chainId, contract),
  primaryType: "Consent",
  types: CONSENT_TYPES,
  message: value as unknown as JsonObject,
});

export const consentId = (value: Consent, chainId: number, contract: Hex): Hex =>
  typedDigest(consentTypedData(value, chainId, contract));


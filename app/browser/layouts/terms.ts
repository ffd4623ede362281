/** The three things a patient's wallet signs, as EIP-712 typed data built here from what the page shows (C-1, C-2, I-3). */

import { hashTypedData, type TypedDataDomain } from "viem";

import { address, unhex, type Hex } from "./bytes";
import { exactly, type Json, type JsonObject } from "./canonical";
import { TermsInvalid } from "./errors";
import { CATEGORIES, isName, PURPOSES, ROLES } from "./fields";
import { secondsOf } from "./times";

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

interface Field {
  readonly name: string;
  readonly type: string;
}

export interface TypedData {
  readonly domain: TypedDataDomain & { chainId: number; verifyingContract: Hex };
  readonly primaryType: string;
  readonly types: Readonly<Record<string, readonly Field[]>>;
  readonly message: JsonObject;
}

const DOMAIN_FIELDS = fields("string name,string version,uint256 chainId,address verifyingContract");

const CONSENT_TYPES = {
  EIP712Domain: DOMAIN_FIELDS,
  Consent: fields("address patient,Terms terms,string validFrom,string validUntil,string relayBefore"),
  Terms: fields(
    "string recipientName,address recipient,string[] roles,Provision[] provisions,uint32 maxUses,bytes32 salt",
  ),
  Provision: fields(
    "string[] purposes,string[] categories,string confidentiality,string dataFrom,string dataUntil," +
      "string[] authors,string[] records",
  ),
};

/** What a patient signs to revoke; the contract hashes the same sentence. */
export const REVOCATION_STATEMENT = "I revoke this consent. Nothing more may be released under it.";
export const DIRECTORY_ATTRIBUTE = "did/svc/ConsentryDirectory";

function fields(text: string): Field[] {
  return text.split(",").map((pair) => {
    const [type, name] = pair.split(" ") as [string, string];
    return { name, type };
  });
}

const MAX_LIST = 100;
const MAX_PROVISIONS = 20;
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

function check<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TermsInvalid) throw error;
    throw new TermsInvalid(what);
  }
}

function window(from: Json | undefined, until: Json | undefined, what: string): [string, string] {
  const [start, end] = check(what, () => [secondsOf(from as string), secondsOf(until as string)] as const);
  if (start >= end) throw new TermsInvalid(`${what} is empty`);
  return [from as string, until as string];
}

function provision(value: Json): Provision {
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

/** A consent whose every field has the form that C-11 asks for. Throws TermsInvalid. */
export function consent(value: Json): Consent {
  const from = check("the consent has other fields", () =>
    exactly(value, ["patient", "terms", "validFrom", "validUntil", "relayBefore"]),
  );
  const terms = check("the terms have other fields", () =>
    exactly(from.terms, ["recipientName", "recipient", "roles", "provisions", "maxUses", "salt"]),
  );
  check("patient", () => address(from.patient as string));
  check("recipient", () => address(terms.recipient as string));
  check("salt", () => unhex(terms.salt as string, 32));
  if (/^0x0+$/.test(terms.recipient as string) || /^0x0+$/.test(terms.salt as string)) {
    throw new TermsInvalid("recipient or salt is zero");
  }
  const [validFrom, validUntil] = window(from.validFrom, from.validUntil, "the window");
  if (secondsOf(validFrom) < 0) throw new TermsInvalid("the window starts before 1970");
  if (check("relayBefore", () => secondsOf(from.relayBefore as string)) > secondsOf(validUntil)) {
    throw new TermsInvalid("relayBefore is later than validUntil");
  }
  const uses = terms.maxUses;
  if (typeof uses !== "number" || !Number.isInteger(uses) || uses < 0 || uses > 0xffffffff) {
    throw new TermsInvalid("maxUses is not a number of uses");
  }
  if (typeof terms.recipientName !== "string" || !isName(terms.recipientName)) throw new TermsInvalid("recipientName");
  if (!Array.isArray(terms.provisions) || terms.provisions.length < 1 || terms.provisions.length > MAX_PROVISIONS) {
    throw new TermsInvalid(`not 1 to ${MAX_PROVISIONS} provisions`);
  }
  return {
    patient: from.patient as Hex,
    terms: {
      recipientName: terms.recipientName,
      recipient: terms.recipient as Hex,
      roles: texts(terms.roles, "roles", (text) => ROLES.includes(text)),
      provisions: terms.provisions.map(provision),
      maxUses: uses,
      salt: terms.salt as Hex,
    },
    validFrom,
    validUntil,
    relayBefore: from.relayBefore as string,
  };
}

const domain = (name: string, chainId: number, verifyingContract: Hex): TypedData["domain"] => ({
  name,
  version: "1",
  chainId,
  verifyingContract,
});

export const consentTypedData = (value: Consent, chainId: number, contract: Hex): TypedData => ({
  domain: domain("Consentry", chainId, contract),
  primaryType: "Consent",
  types: CONSENT_TYPES,
  message: value as unknown as JsonObject,
});

export const revocationTypedData = (patient: Hex, consentId: Hex, chainId: number, contract: Hex): TypedData => ({
  domain: domain("Consentry", chainId, contract),
  primaryType: "Revocation",
  types: { EIP712Domain: DOMAIN_FIELDS, Revocation: fields("address patient,string statement,bytes32 consentId") },
  message: { patient, statement: REVOCATION_STATEMENT, consentId },
});

export interface Attribute {
  readonly identity: Hex;
  readonly name: string;
  readonly value: string;
  /** Seconds from the block in which it is set. */
  readonly validity: number;
  readonly nonce: number;
  /** Seconds since the epoch. */
  readonly deadline: number;
}

export const setAttributeTypedData = (attribute: Attribute, chainId: number, contract: Hex): TypedData => ({
  domain: domain("Consentry Identity", chainId, contract),
  primaryType: "SetAttribute",
  types: {
    EIP712Domain: DOMAIN_FIELDS,
    SetAttribute: fields(
      "address identity,string name,string value,uint256 validity,uint256 nonce,uint256 deadline",
    ),
  },
  message: { ...attribute },
});

/** The EIP-712 digest; that of a consent is its id. Throws TermsInvalid when the data does not fit its types. */
export function typedDigest(data: TypedData): Hex {
  try {
    const { EIP712Domain: _, ...types } = data.types;
    return hashTypedData({ domain: data.domain, primaryType: data.primaryType, types, message: { ...data.message } });
  } catch {
    throw new TermsInvalid("the typed data does not fit its types");
  }
}

export const consentId = (value: Consent, chainId: number, contract: Hex): Hex =>
  typedDigest(consentTypedData(value, chainId, contract));


/** Mandates: what a representative may do, within a scope and a window (MandateHash.sol, K-16). */

import { unhex, type Hex } from "./bytes";
import { dumps, exactly, type Json, type JsonObject } from "./canonical";
import { TermsInvalid } from "./errors";
import { account } from "./fields";
import { check, MAX_PROVISIONS, MAX_TERMS_BYTES, provision, PROVISION_FIELDS, window, type Provision } from "./terms";
import { secondsOf } from "./times";
import { domain, DOMAIN_FIELDS, fields, typedDigest, type TypedData } from "./typed";

/** What a patient signs; the contract hashes the same sentence. */
export const MANDATE_STATEMENT = "This person may grant consents in my name, within this scope and time.";

export interface Scope {
  readonly provisions: readonly Provision[];
  readonly salt: Hex;
}

export interface Mandate {
  readonly patient: Hex;
  readonly representative: Hex;
  readonly scope: Scope;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly relayBefore: string;
}

const MANDATE_TYPES = {
  EIP712Domain: DOMAIN_FIELDS,
  Mandate: fields(
    "address patient,address representative,string statement,Scope scope,string validFrom,string validUntil," +
      "string relayBefore",
  ),
  Provision: PROVISION_FIELDS,
  Scope: fields("Provision[] provisions,bytes32 salt"),
};

function scope(value: Json | undefined): Scope {
  const from = check("the scope has other fields", () => exactly(value, ["provisions", "salt"]));
  check("the scope's salt", () => unhex(from.salt as string, 32));
  if (/^0x0+$/.test(from.salt as string)) throw new TermsInvalid("the scope's salt is zero");
  if (!Array.isArray(from.provisions) || from.provisions.length < 1 || from.provisions.length > MAX_PROVISIONS) {
    throw new TermsInvalid(`not 1 to ${MAX_PROVISIONS} provisions`);
  }
  const size = check("the scope has no canonical form", () => dumps(from).length);
  if (size > MAX_TERMS_BYTES) throw new TermsInvalid(`the scope is larger than ${MAX_TERMS_BYTES} bytes`);
  return { provisions: from.provisions.map(provision), salt: from.salt as Hex };
}

/** The mandate of its JSON form, which has no statement. Throws TermsInvalid. */
export function mandate(value: Json | undefined): Mandate {
  const from = check("the mandate has other fields", () =>
    exactly(value, ["patient", "representative", "scope", "validFrom", "validUntil", "relayBefore"]),
  );
  const patient = check("patient", () => account(from.patient, "patient"));
  const representative = check("representative", () => account(from.representative, "representative"));
  if (/^0x0+$/.test(representative)) throw new TermsInvalid("the representative is zero");
  const [validFrom, validUntil] = window(from.validFrom, from.validUntil, "the window");
  const relayBefore = check("relayBefore", () => secondsOf(from.relayBefore as string));
  if (secondsOf(validFrom) < 0 || relayBefore < 0) throw new TermsInvalid("a time is before 1970");
  return {
    patient,
    representative,
    scope: scope(from.scope),
    validFrom,
    validUntil,
    relayBefore: from.relayBefore as string,
  };
}

/** What the patient's wallet shows and signs; `contract` is the ConsentRegistry. */
export const mandateTypedData = (value: Mandate, chainId: number, contract: Hex): TypedData => ({
  domain: domain("Consentry", chainId, contract),
  primaryType: "Mandate",
  types: MANDATE_TYPES,
  message: { ...(value as unknown as JsonObject), statement: MANDATE_STATEMENT },
});

export const mandateId = (value: Mandate, chainId: number, contract: Hex): Hex =>
  typedDigest(mandateTypedData(value, chainId, contract));

/** What a patient signs to put one consent in the place of another (C-15). */

import type { Hex } from "./bytes";
import type { JsonObject } from "./canonical";
import { consentTypedData, type Consent } from "./terms";
import { DOMAIN_FIELDS, fields, type TypedData } from "./typed";

/** The contract hashes the same sentence. */
export const REPLACEMENT_STATEMENT = "I revoke the consent that this one replaces, and grant this one.";

/** `replaces` is the id of the consent that ends; `contract` the ConsentRegistry. */
export function replacementTypedData(replaces: Hex, consent: Consent, chainId: number, contract: Hex): TypedData {
  const granted = consentTypedData(consent, chainId, contract);
  const { EIP712Domain: _, ...structs } = granted.types;
  return {
    domain: granted.domain,
    primaryType: "Replacement",
    types: {
      EIP712Domain: DOMAIN_FIELDS,
      Replacement: fields("string statement,bytes32 replaces,Consent consent"),
      ...structs,
    },
    message: { statement: REPLACEMENT_STATEMENT, replaces, consent: consent as unknown as JsonObject },
  };
}

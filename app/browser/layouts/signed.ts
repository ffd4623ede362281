/** What a patient signs besides consents: a revocation, and a change of the own identity (C-6, I-3). */

import type { Hex } from "./bytes";
import { domain, DOMAIN_FIELDS, fields, type TypedData } from "./typed";

/** What a patient signs to revoke; the contract hashes the same sentence. */
export const REVOCATION_STATEMENT = "I revoke this consent. Nothing more may be released under it.";
export const DIRECTORY_ATTRIBUTE = "did/svc/ConsentryDirectory";

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

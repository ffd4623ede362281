/** What a patient signs besides consents: a revocation, and changes of the own identity, the signed twins of ERC-1056's calls (C-6, I-3). */

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

/** Of one struct, written as in encodeType; `contract` is the IdentityRegistry. */
export const identityTypedData = (chainId: number, contract: Hex, primaryType: string, struct: string, message: object): TypedData => ({
  domain: domain("Consentry Identity", chainId, contract),
  primaryType,
  types: { EIP712Domain: DOMAIN_FIELDS, [primaryType]: fields(struct) },
  message: { ...message } as TypedData["message"],
});

interface Change {
  readonly identity: Hex;
  readonly nonce: number;
  /** Seconds since the epoch. */
  readonly deadline: number;
}

export interface Attribute extends Change {
  readonly name: string;
  readonly value: string;
  /** Seconds from the block in which it is set. */
  readonly validity: number;
}

export const setAttributeTypedData = (attribute: Attribute, chainId: number, contract: Hex): TypedData =>
  identityTypedData(
    chainId,
    contract,
    "SetAttribute",
    "address identity,string name,string value,uint256 validity,uint256 nonce,uint256 deadline",
    attribute,
  );

/** Who is a delegate of this type acts for the patient (C-3). */
const REPRESENTATIVE = "consent";

/** `validity` in seconds from the block in which it is set. */
export const addDelegateTypedData = (
  { identity, delegate, validity, nonce, deadline }: Change & { readonly delegate: Hex; readonly validity: number },
  chainId: number,
  contract: Hex,
): TypedData =>
  identityTypedData(
    chainId,
    contract,
    "AddDelegate",
    "address identity,string delegateType,address delegate,uint256 validity,uint256 nonce,uint256 deadline",
    { identity, delegateType: REPRESENTATIVE, delegate, validity, nonce, deadline },
  );

export const revokeDelegateTypedData = (
  { identity, delegate, nonce, deadline }: Change & { readonly delegate: Hex },
  chainId: number,
  contract: Hex,
): TypedData =>
  identityTypedData(
    chainId,
    contract,
    "RevokeDelegate",
    "address identity,string delegateType,address delegate,uint256 nonce,uint256 deadline",
    { identity, delegateType: REPRESENTATIVE, delegate, nonce, deadline },
  );

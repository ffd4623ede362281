/** Representatives and a new key of the own identity: the signed twins of ERC-1056's calls (I-3). */

import type { Hex } from "./bytes";
import { domain, DOMAIN_FIELDS, fields, type TypedData } from "./typed";

/** Who is a delegate of this type acts for the patient (C-3). */
export const REPRESENTATIVE = "consent";

interface Change {
  readonly identity: Hex;
  readonly nonce: number;
  /** Seconds since the epoch. */
  readonly deadline: number;
}

function typed(chainId: number, contract: Hex, primaryType: string, struct: string, message: object): TypedData {
  return {
    domain: domain("Consentry Identity", chainId, contract),
    primaryType,
    types: { EIP712Domain: DOMAIN_FIELDS, [primaryType]: fields(struct) },
    message: { ...message } as TypedData["message"],
  };
}

/** `validity` in seconds from the block in which it is set. */
export const addDelegateTypedData = (
  { identity, delegate, validity, nonce, deadline }: Change & { readonly delegate: Hex; readonly validity: number },
  chainId: number,
  contract: Hex,
): TypedData =>
  typed(
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
  typed(
    chainId,
    contract,
    "RevokeDelegate",
    "address identity,string delegateType,address delegate,uint256 nonce,uint256 deadline",
    { identity, delegateType: REPRESENTATIVE, delegate, nonce, deadline },
  );

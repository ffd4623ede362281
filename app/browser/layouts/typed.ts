/** EIP-712 typed data (C-2): what wallets show and sign, and its digest. */

import { hashTypedData, type TypedDataDomain } from "viem";

import type { Hex } from "./bytes";
import type { JsonObject } from "./canonical";
import { TermsInvalid } from "./errors";

interface Field {
  readonly name: string;
  readonly type: string;
}

export interface TypedData {
  readonly domain: TypedDataDomain & { chainId: number };
  readonly primaryType: string;
  readonly types: Readonly<Record<string, readonly Field[]>>;
  readonly message: JsonObject;
}

/** The members of a struct, written as in encodeType. */
export function fields(text: string): Field[] {
  return text.split(",").map((pair) => {
    const [type, name] = pair.split(" ") as [string, string];
    return { name, type };
  });
}

export const DOMAIN_FIELDS = fields("string name,string version,uint256 chainId,address verifyingContract");

export const domain = (name: string, chainId: number, verifyingContract: Hex): TypedData["domain"] => ({
  name,
  version: "1",
  chainId,
  verifyingContract,
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

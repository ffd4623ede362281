/** A keeper's word that it releases nothing more under a revoked consent or mandate (L-23). */

import { concat, u256, utf8, type Bytes, type Hex } from "./bytes";
import { loadObject } from "./canonical";
import { SignatureInvalid } from "./errors";
import { account, digest, integer, oneOf, time } from "./fields";
import { keccak } from "./hashes";
import { recoverSigner } from "./signatures";

const DOMAIN = utf8("consentry/v1/revocation-seen");

export interface Acknowledgement {
  readonly chainId: number;
  readonly consentId: Hex;
  readonly keeper: Hex;
  readonly patient: Hex;
  readonly seenAt: string;
}

/** The acknowledgement of canonical bytes. Throws LayoutInvalid. */
export function parseAcknowledgement(raw: Uint8Array): Acknowledgement {
  const from = loadObject(raw, ["chainId", "consentId", "keeper", "patient", "seenAt", "type"]);
  oneOf(from.type, ["revocation-seen"], "type");
  return {
    chainId: integer(from.chainId, "chainId", 1),
    consentId: digest(from.consentId, "consentId"),
    keeper: account(from.keeper, "keeper"),
    patient: account(from.patient, "patient"),
    seenAt: time(from.seenAt, "seenAt"),
  };
}

export const acknowledgementDigest = (chainId: number | bigint, raw: Uint8Array): Bytes =>
  keccak(concat(DOMAIN, u256(chainId), raw));

/** The acknowledgement, if the keeper that it names signed it. Throws LayoutInvalid, SignatureInvalid. */
export async function checkedAcknowledgement(raw: Uint8Array, signature: Bytes): Promise<Acknowledgement> {
  const said = parseAcknowledgement(raw);
  if ((await recoverSigner(acknowledgementDigest(said.chainId, raw), signature)) !== said.keeper) {
    throw new SignatureInvalid("another account signed this acknowledgement");
  }
  return said;
}

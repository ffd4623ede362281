/** Episodes: a member's signed word that a patient is in its care now (L-22). */

import { unhex, type Hex } from "./bytes";
import { exactly, type Json } from "./canonical";
import { SignatureInvalid } from "./errors";
import { account, code, hexOf, time } from "./fields";
import { recoverSigner } from "./signatures";
import { fields, typedDigest, type TypedData } from "./typed";

/** As it stands in a request, which names patient and practitioner itself. */
export interface EpisodeAssertion {
  readonly by: Hex;
  readonly department: string;
  readonly signature: Hex;
  readonly validUntil: string;
}

/** The assertion of its JSON form. Throws LayoutInvalid. */
export function episodeAssertion(value: Json | undefined, where: string): EpisodeAssertion {
  const from = exactly(value, ["by", "department", "signature", "validUntil"]);
  return {
    by: account(from.by, `${where}.by`),
    department: code(from.department, `${where}.department`),
    signature: hexOf(from.signature, `${where}.signature`, 65),
    validUntil: time(from.validUntil, `${where}.validUntil`),
  };
}

/** What the member's system account signed. */
export const episodeTypedData = (
  { department, validUntil }: EpisodeAssertion,
  patient: Hex,
  practitioner: Hex,
  chainId: number,
): TypedData => ({
  domain: { name: "Consentry episode", version: "1", chainId },
  primaryType: "Episode",
  types: {
    EIP712Domain: fields("string name,string version,uint256 chainId"),
    Episode: fields("address patient,address practitioner,string department,string validUntil"),
  },
  message: { patient, practitioner, department, validUntil },
});

/** Throws SignatureInvalid unless the account that is named asserted it about these two. */
export async function checkEpisode(
  asserted: EpisodeAssertion,
  patient: Hex,
  practitioner: Hex,
  chainId: number,
): Promise<void> {
  const digest = unhex(typedDigest(episodeTypedData(asserted, patient, practitioner, chainId)));
  if ((await recoverSigner(digest, unhex(asserted.signature))) !== asserted.by) {
    throw new SignatureInvalid("another account asserted this episode");
  }
}

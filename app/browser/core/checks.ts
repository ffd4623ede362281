/** What the page makes sure of before it asks a wallet for anything. */

import type { Hex } from "../layouts/bytes";
import { TermsInvalid } from "../layouts/errors";
import { isSignInText } from "../layouts/sign_in";
import { consent, consentId, consentTypedData, type Consent } from "../layouts/terms";
import { typedDigest, type TypedData } from "../layouts/typed";
import type { Network, ShownConsent } from "./api";

/** What would be signed is not what is shown. */
export class Mismatch extends Error {
  constructor(readonly kind: "mismatch" | "sign-in-mismatch" | "terms-unknown" | "wrong-clock" = "mismatch") {
    super(kind);
    this.name = "Mismatch";
  }
}

export function contract(network: Network, name: string): Hex {
  const address = network.contracts[name];
  if (address === undefined) throw new Mismatch();
  return address;
}

/** The consent as shown, if its terms are ones that this page knows, it is the patient's own and its id is the digest of exactly what is shown. */
export function checkedConsent(shown: ShownConsent, network: Network, patient: Hex): Consent {
  let read: Consent;
  let id: Hex;
  try {
    read = consent(shown.consent);
    id = consentId(read, network.chainId, contract(network, "ConsentRegistry"));
  } catch (error) {
    throw new Mismatch(error instanceof TermsInvalid ? "terms-unknown" : "mismatch");
  }
  if (read.patient !== patient || id !== shown.id) throw new Mismatch();
  return read;
}

/**
 * The typed data of a grant, built here from what is shown. The gateway's own must hash to the same id; so whichever of
 * the two a wallet displays, it is the consent on this page.
 */
export function grantTypedData(shown: ShownConsent, network: Network, patient: Hex): TypedData {
  const read = checkedConsent(shown, network, patient);
  if (digestOf(shown.typedData) !== shown.id) throw new Mismatch();
  return consentTypedData(read, network.chainId, contract(network, "ConsentRegistry"));
}

/** Our own words for what a gateway wants signed, if theirs hash to the same. */
export function same(theirs: TypedData, own: TypedData): TypedData {
  if (digestOf(theirs) !== typedDigest(own)) throw new Mismatch();
  return own;
}

function digestOf(data: TypedData): Hex {
  try {
    return typedDigest(data);
  } catch {
    throw new Mismatch();
  }
}

/** Throws unless the EIP-4361 text is, to the letter, the one that signs in this account on this site and chain. */
export function checkSignInText(text: string, account: Hex, { chainId }: Network): void {
  if (!isSignInText(text, { host: location.host, origin: location.origin, chainId, account })) {
    throw new Mismatch("sign-in-mismatch");
  }
}

/** One wallet signature lets this page's own key ask keepers for some hours (design §4, Sessions). */

import { concat, hex, utf8, type Bytes, type Hex } from "../layouts/bytes";
import { PATIENT_STATEMENT, sessionSigner, sessionTypedData, type SessionCertificate } from "../layouts/sessions";
import { isoOf } from "../layouts/times";
import { Mismatch } from "./checks";
import { chainOf, clockOf } from "./chain";
import type { Session } from "./session";
import { spoken } from "./spoken";
import { ensureChain, signTyped } from "./wallets";

export interface ReadingSession {
  /** Whose record is read. */
  readonly patient: Hex;
  /** Who asks: the account that signed, the patient's own or that of somebody who acts for the patient. */
  readonly actor: Hex;
  readonly certificate: SessionCertificate;
  readonly expires: Date;
  /** Signs the canonical bytes of a request: 64 bytes, r ‖ s. The key never leaves WebCrypto. */
  sign(raw: Bytes): Promise<Bytes>;
}

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };
const DOMAIN = utf8("consentry/v1/request");
const MOST_SECONDS = 8 * 3600;
/** A keeper's clock may be behind: a session that ends in exactly eight hours would be too long for it. */
const MARGIN_SECONDS = 120;

/** Asks the wallet for one signature (PatientSession). Throws WalletError; Mismatch if another account signed; Problem. */
export async function openReadingSession(session: Session): Promise<ReadingSession> {
  const { wallet, account, patient, network } = session;
  const clock = await spoken(() => clockOf(chainOf(network)));
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign"]);
  const key = hex(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  const seconds = MOST_SECONDS - MARGIN_SECONDS;
  const unsigned = {
    kind: "patient" as const,
    fields: {
      patient,
      servedBy: network.member.name,
      key,
      expires: isoOf(clock.now() + seconds),
      statement: PATIENT_STATEMENT,
    },
    signature: "0x" as Hex,
  };
  await ensureChain(wallet, network);
  const signed = await signTyped(wallet, account, sessionTypedData(unsigned, network.chainId));
  const certificate = { ...unsigned, signature: signed.toLowerCase() as Hex };
  if ((await sessionSigner(certificate, network.chainId)) !== account) throw new Mismatch();
  return {
    patient,
    actor: account,
    certificate,
    expires: new Date(Date.now() + seconds * 1000),
    sign: async (raw) => new Uint8Array(await crypto.subtle.sign(SIGNATURE, pair.privateKey, concat(DOMAIN, raw))),
  };
}

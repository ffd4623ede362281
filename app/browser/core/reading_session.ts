/** One wallet signature lets this page's own key ask keepers for some hours (design §4, Sessions). */

import { readContract } from "viem/actions";

import { concat, hex, utf8, type Bytes, type Hex } from "../layouts/bytes";
import type { Mandate } from "../layouts/mandates";
import { PATIENT_STATEMENT, sessionSigner, sessionTypedData, type SessionCertificate } from "../layouts/sessions";
import { isoOf } from "../layouts/times";
import { IDENTITY } from "./abi";
import { Mismatch } from "./checks";
import { chainOf, clockOf } from "./chain";
import type { Network } from "./api";
import type { Session } from "./session";
import { spoken } from "./spoken";
import { ensureChain, signTyped } from "./wallets";

export interface ReadingSession {
  /** Whose record is read. */
  readonly patient: Hex;
  /** Who asks: the account that signed, the patient's own or that of somebody who acts for the patient. */
  readonly actor: Hex;
  /** HL7 v3 ActReason, by which each access is noted: the patient's own request, or a family's for the patient. */
  readonly purpose: string;
  /** By which the actor reads, if it is nobody who acts for the patient in everything. */
  readonly mandate: Mandate | null;
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

/** The words among a scope's purposes that let its representative read; the first that a mandate names is asked under (K-16). */
const ON_BEHALF = ["FAMRQT", "PATRQT"] as const;

/** The purpose for which a mandate lets its representative read; null for one that lets nobody read. */
export const readingPurpose = ({ scope }: Mandate): string | null =>
  ON_BEHALF.find((word) => scope.provisions.some(({ purposes }) => purposes.includes(word) || purposes.includes("any"))) ?? null;

/** Whoever controls the identity asks for itself: after a recovery too, when that is another account than the DID's. */
async function ownPurpose(patient: Hex, actor: Hex, network: Network): Promise<string> {
  const chain = chainOf(network);
  const place = { address: chain.contract("IdentityRegistry"), abi: IDENTITY, functionName: "identityOwner" } as const;
  const controller = await spoken(() => readContract(chain.client, { ...place, args: [patient] }));
  return controller.toLowerCase() === actor ? "PATRQT" : "FAMRQT";
}

/**
 * Asks the wallet for one signature (PatientSession): for whom the account is signed in, or for the patient of a mandate.
 *
 * Throws WalletError; Mismatch if another account signed, or the mandate lets this one read nothing; Problem.
 */
export async function openReadingSession(session: Session, mandate: Mandate | null = null): Promise<ReadingSession> {
  const { wallet, account, network } = session;
  const patient = mandate?.patient ?? session.patient;
  const purpose = mandate === null ? await ownPurpose(patient, account, network) : readingPurpose(mandate);
  if (purpose === null || (mandate !== null && mandate.representative !== account)) throw new Mismatch();
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
    purpose,
    mandate,
    certificate,
    expires: new Date(Date.now() + seconds * 1000),
    sign: async (raw) => new Uint8Array(await crypto.subtle.sign(SIGNATURE, pair.privateKey, concat(DOMAIN, raw))),
  };
}

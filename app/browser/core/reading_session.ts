/** One wallet signature lets this page's own key ask keepers for some hours (design §4, Sessions). */

import type { Bytes, Hex } from "../layouts/bytes";
import type { SessionCertificate } from "../layouts/sessions";
import type { Session } from "./session";

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

/** Asks the wallet for one signature (PatientSession). Throws WalletError. */
export type OpenReadingSession = (session: Session) => Promise<ReadingSession>;

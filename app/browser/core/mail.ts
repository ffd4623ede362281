/** Where the patient's side is told of news by e-mail (W-21). Addresses stand in bodies, and come back masked. */

import { call } from "./api";

export interface MailState {
  /** Whether this gateway has a mail server. */
  readonly available: boolean;
  readonly address: string | null;
}

const PATH = "/api/notifications/email";

export const mailState = (): Promise<MailState> => call("GET", PATH);

/** Sends a code; gives the reference under which it is confirmed. Throws Problem. */
export const askForCode = (address: string): Promise<{ readonly ref: string; readonly address: string }> =>
  call("PUT", PATH, { address });

export const confirmCode = (ref: string, code: string): Promise<unknown> =>
  call("POST", `${PATH}/confirmation`, { ref, code });

export const stopMail = (): Promise<unknown> => call("DELETE", PATH);

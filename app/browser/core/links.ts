/** Links that a desk asks the patient for: the text, to the letter, before any wallet shows it (G-4). */

import type { Hex } from "../layouts/bytes";
import { call, type Network } from "./api";
import { Mismatch } from "./checks";

export interface WaitingLink {
  readonly ref: string;
  readonly challenge: string;
}

export const waitingLinks = async (): Promise<readonly WaitingLink[]> =>
  (await call<{ links: WaitingLink[] }>("GET", "/api/links/waiting")).links;
/** Since when (ISO 8601) the member that serves the page knows the patient as its own; null if it does not. */
export const linkedSince = async (): Promise<string | null> =>
  (await call<{ since: string | null }>("GET", "/api/links/own")).since;
export const acceptLink = (ref: string, signature: Hex): Promise<unknown> =>
  call("POST", `/api/links/waiting/${ref}`, { signature });

const NONCE = /^Nonce: [0-9a-f]{32}$/;
const UNTIL = /^Valid until: \d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** Throws unless the text links this wallet at the member that serves the page, and says nothing else. */
export function checkLinkText({ ref, challenge }: WaitingLink, network: Network): void {
  const lines = challenge.split("\n");
  const [nonce = "", until = ""] = lines.slice(-2);
  const wanted = [
    `${network.member.name} wants to file this wallet with my patient number there.`,
    "",
    "I sign this at its desk. It lets nobody read anything, and costs nothing.",
    "",
    `Reference: ${ref}`,
    `Chain: ${network.chainId}`,
  ];
  const same = lines.length === wanted.length + 2 && wanted.every((line, index) => lines[index] === line);
  if (!same || !NONCE.test(nonce) || !UNTIL.test(until)) throw new Mismatch();
}

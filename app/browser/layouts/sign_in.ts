/** The text by which a wallet signs in (EIP-4361; specification G-5). */

import type { Hex } from "./bytes";

const STATEMENT = "Sign in to Consentry. Signing costs nothing and lets nobody read anything.";

export interface Site {
  readonly host: string;
  readonly origin: string;
  readonly chainId: number;
  readonly account: Hex;
}

/** Whether it is, line by line, what a gateway at this site writes for this account. */
export function isSignInText(text: string, { host, origin, chainId, account }: Site): boolean {
  const expected: readonly (string | RegExp)[] = [
    `${host} wants you to sign in with your Ethereum account:`,
    new RegExp(`^${account}$`, "i"),
    "",
    STATEMENT,
    "",
    `URI: ${origin}/`,
    "Version: 1",
    `Chain ID: ${chainId}`,
    /^Nonce: [A-Za-z0-9]{8,128}$/,
    /^Issued At: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    /^Expiration Time: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  ];
  const lines = text.split("\n");
  return lines.length === expected.length && expected.every((one, at) => {
    const line = lines[at] as string;
    return typeof one === "string" ? line === one : one.test(line);
  });
}

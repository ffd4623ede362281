/** DIDs as they come from codes and hands. */

export type DidFault = "other-code" | "other-chain";

const SHAPE = /did:ethr:(0x[0-9a-f]{1,16}):(0x[0-9a-f]{40})(?![0-9a-f])/i;

/** The DID that a text holds, in its one form, if it is of this chain. */
export function didIn(text: string, chainId: number): string | DidFault {
  const found = SHAPE.exec(text.trim());
  const [chain, account] = [found?.[1], found?.[2]];
  if (chain === undefined || account === undefined) return "other-code";
  if (Number.parseInt(chain, 16) !== chainId) return "other-chain";
  return `did:ethr:0x${chainId.toString(16)}:${account.toLowerCase()}`;
}

export const isDid = (value: string | DidFault): value is `did:${string}` => value.startsWith("did:");

export const accountOf = (did: string): string => did.slice(did.lastIndexOf(":") + 1);

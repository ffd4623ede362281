/** The letter that a patient gives each guardian: a file that names the identity and its guardians, and no secret key. */

import { utf8, type Bytes, type Hex } from "../layouts/bytes";
import type { Json } from "../layouts/canonical";
import { LayoutInvalid } from "../layouts/errors";
import { guardianSet, type GuardianSet } from "../layouts/guardians";
import type { Network } from "./api";

export interface Letter {
  readonly did: string;
  /** The account that the DID names. */
  readonly identity: Hex;
  readonly set: GuardianSet;
}

const KIND = "consentry-guardian-letter";
const MOST_CHARACTERS = 16_384;

export const didOf = (identity: Hex, chainId: number): string => `did:ethr:0x${chainId.toString(16)}:${identity}`;

/** The account that an address or a did:ethr of this chain names. Throws LayoutInvalid. */
export function accountOf(text: string, chainId: number): Hex {
  const wanted = text.trim().toLowerCase();
  const prefix = `did:ethr:0x${chainId.toString(16)}:`;
  const account = wanted.startsWith(prefix) ? wanted.slice(prefix.length) : wanted;
  if (!/^0x[0-9a-f]{40}$/.test(account) || /^0x0+$/.test(account)) {
    throw new LayoutInvalid("not an account or did:ethr of this network");
  }
  return account as Hex;
}

/** The file's bytes. `names` are the patient's own words for the guardians, by account. */
export function letterBytes(
  identity: Hex,
  set: GuardianSet,
  names: Readonly<Record<string, string>>,
  { chainId }: Network,
): Bytes {
  const letter = { kind: KIND, version: 1, identity: didOf(identity, chainId), guardianSet: set, names };
  return utf8(`${JSON.stringify(letter, null, 2)}\n`);
}

/** Reads a letter. Throws LayoutInvalid for a file that is none, or one of another network. */
export function readLetter(text: string, { chainId }: Network): Letter {
  const from = parsed(text) as { kind?: Json; identity?: Json; guardianSet?: Json } | null;
  if (from?.kind !== KIND || typeof from.identity !== "string") throw new LayoutInvalid("not a guardian letter");
  const identity = accountOf(from.identity, chainId);
  return { did: didOf(identity, chainId), identity, set: guardianSet(from.guardianSet) };
}

function parsed(text: string): unknown {
  if (text.length > MOST_CHARACTERS) throw new LayoutInvalid("not a guardian letter");
  try {
    return JSON.parse(text);
  } catch {
    throw new LayoutInvalid("not a guardian letter");
  }
}

/** What a clinician's page makes sure of before it asks a wallet: that what is signed is what the page says. */

import type { Hex } from "../layouts/bytes";
import type { Json } from "../layouts/canonical";
import { LayoutError } from "../layouts/errors";
import { closingTypedData, opening, openingTypedData, reviewTypedData, type Opening } from "../layouts/openings";
import { sessionFields, sessionTypedData } from "../layouts/sessions";
import { secondsOf } from "../layouts/times";
import { typedDigest, type TypedData } from "../layouts/typed";
import type { Network } from "./api";
import { contract, Mismatch, same } from "./checks";
import type { Finding, Worded } from "./clinic";

const LONGEST_SESSION_SECONDS = 8 * 3600;

/** A session of this account at this member, for this purpose, of hours and not of days. The gateway holds its key. */
export function readingTypedData(theirs: TypedData, account: Hex, purpose: string, network: Network, now: number): TypedData {
  const fields = read(() => sessionFields("staff", theirs.message as Json));
  const ends = secondsOf(fields.expires as string);
  const own = sessionTypedData({ kind: "staff", fields }, network.chainId);
  const fits =
    fields.actor === account &&
    fields.member === network.member.name &&
    fields.purpose === purpose;
  if (!fits) throw new Mismatch();
  if (ends <= now || ends > now + LONGEST_SESSION_SECONDS) throw new Mismatch("wrong-clock");
  return same(theirs, own);
}

/** The opening that both sign. Its id is the digest of exactly this. */
export function openingToSign(worded: Worded, network: Network): { readonly opening: Opening; readonly typedData: TypedData } {
  const given = read(() => opening(worded.opening, "opening"));
  const own = openingTypedData(given, network.chainId, contract(network, "EmergencyAccess"));
  if (given.member !== network.member.name || typedDigest(own) !== worded.id) throw new Mismatch();
  return { opening: given, typedData: same(worded.typedData, own) };
}

/** What the first of the two asked for. */
export interface AskedOpening {
  readonly patient: string;
  readonly first: Hex;
  readonly second: Hex;
  readonly seconds: number;
}

/** How far the gateway's clock may be from the chain's, and how old its newest block. */
const CLOCKS_APART_SECONDS = 120;

/** The opening as it was asked for: of this patient, by these two, over after so long by the chain's clock (`now`). */
export function openingAsked(worded: Worded, asked: AskedOpening, network: Network, now: number): TypedData {
  const { opening: given, typedData } = openingToSign(worded, network);
  const people = given.subject.patient === asked.patient && given.first === asked.first && given.second === asked.second;
  if (!people) throw new Mismatch();
  const [ends, relayed] = [secondsOf(given.openUntil), secondsOf(given.relayBefore)];
  const timely = Math.abs(ends - now - asked.seconds) <= CLOCKS_APART_SECONDS && relayed > now && relayed <= ends;
  if (!timely) throw new Mismatch("wrong-clock");
  return typedData;
}

export function closingToSign(theirs: TypedData, closer: Hex, id: Hex, network: Network): TypedData {
  return same(theirs, closingTypedData(closer, id, network.chainId, contract(network, "EmergencyAccess")));
}

export function reviewToSign(theirs: TypedData, reviewer: Hex, id: Hex, finding: Finding, network: Network): TypedData {
  return same(theirs, reviewTypedData(reviewer, id, finding, network.chainId, contract(network, "EmergencyAccess")));
}

function read<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof LayoutError) throw new Mismatch();
    throw error;
  }
}

/** Receipts of one request, told as one access (specification A-7). */

import { hexToString } from "viem";
import { readContract } from "viem/actions";

import type { Hex } from "../layouts/bytes";
import { CONSENTS, MEMBERS } from "./abi";
import type { Access } from "./account";
import type { AccountTally, Noted } from "./account_tally";
import { someAtOnce } from "./asking";
import type { Chain } from "./chain";
import type { Shown } from "./receipt_checks";

/** Questions under way together: some batches, as a relay answers some at a time. */
const AT_ONCE = 60;

/** Roles of staff as the chain has them now, by account; whoever was dismissed has none. */
async function rolesOf(chain: Chain, people: readonly Hex[]): Promise<ReadonlyMap<Hex, string>> {
  const place = { address: chain.contract("MemberRegistry"), abi: MEMBERS, functionName: "staffOf" } as const;
  const found = await someAtOnce(people, AT_ONCE, async (one) => {
    const { role } = await readContract(chain.client, { ...place, args: [one] });
    return [one, hexToString(role, { size: 32 })] as const;
  });
  return new Map(found.filter(([, role]) => role !== ""));
}

/** The mandate under which each consent was granted, by consent; those that were granted under none are not there. */
async function underOf(chain: Chain, consents: readonly Hex[]): Promise<ReadonlyMap<Hex, Hex>> {
  const place = { address: chain.contract("ConsentRegistry"), abi: CONSENTS, functionName: "mandateOf" } as const;
  const found = await someAtOnce(consents, AT_ONCE, async (one) => [one, await readContract(chain.client, { ...place, args: [one] })] as const);
  return new Map(found.filter(([, mandate]) => !/^0x0+$/.test(mandate)));
}

/** Newest first; the items of one request that came to the same end stand together. */
export async function accessesOf(
  tally: AccountTally,
  chain: Chain,
  names: ReadonlyMap<Hex, string>,
): Promise<readonly Access[]> {
  const requests = [...tally.requests];
  const people = requests.flatMap(([, { first }]) => (first.member === null ? [] : [first.practitioner ?? first.actor]));
  const consents = requests.flatMap(([, { first }]) => (first.consentId === null ? [] : [first.consentId]));
  const [roles, under] = await Promise.all([rolesOf(chain, [...new Set(people)]), underOf(chain, [...new Set(consents)])]);
  const found = requests.flatMap(([request, noted]) => accesses(request, noted, tally, names, roles, under));
  return found.sort((left, right) => (left.at < right.at ? 1 : left.at > right.at ? -1 : 0));
}

function accesses(
  request: Hex,
  { first, receipts }: Noted,
  tally: AccountTally,
  names: ReadonlyMap<Hex, string>,
  roles: ReadonlyMap<Hex, string>,
  under: ReadonlyMap<Hex, Hex>,
): Access[] {
  const ends = new Map<Access["kind"], Shown[]>();
  for (const shown of receipts) {
    const kind = tally.kindOf(shown.receipt);
    ends.set(kind, [...(ends.get(kind) ?? []), shown]);
  }
  const { actor, practitioner, member, purpose, ground, consentId, openingId, episode } = first;
  // Of a consent that was granted under a mandate no receipt says so: the chain does.
  const mandateId = first.mandateId ?? (consentId === null ? null : (under.get(consentId) ?? null));
  const who = {
    actor, practitioner, purpose, ground, consentId, openingId, mandateId, episode, request,
    person: null,
    member: member === null ? null : (names.get(member) ?? member),
    role: member === null ? null : (roles.get(practitioner ?? actor) ?? null),
  };
  return [...ends].map(([kind, shown]) => {
    const these = shown.map(({ receipt }) => receipt);
    const records = these.flatMap(({ item, category }) => (item.type === "record" ? [{ id: item.recordId, category }] : []));
    return {
      ...who,
      kind,
      at: these.map(({ time }) => time).reduce((left, right) => (left < right ? left : right)),
      records: distinct(records.map(({ id }) => id)),
      categories: distinct(records.map(({ category }) => category)),
      seeds: distinct(these.flatMap(({ item, category }) => (item.type === "seed" ? [category] : []))),
      keepers: distinct(these.map((one) => tally.seatOf(one))).sort((left, right) => left - right),
      threshold: tally.threshold(first.committeeVersion),
      reasons: distinct(these.flatMap(({ decision, reason }) => (decision === "refused" ? [reason] : []))),
      proven: shown.every(({ proven }) => proven) ? "on-chain" : "signed",
    };
  });
}

const distinct = <T>(these: readonly T[]): T[] => [...new Set(these)];

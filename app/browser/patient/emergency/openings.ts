/** The openings that this gateway tells of, and those that show in the account of accesses only (W-62). */

import type { AccountOfAccesses } from "../../core/account";
import { chainOf } from "../../core/chain";
import { notices } from "../../core/notices";
import { signedOpening, stateOf } from "../../core/openings";
import { namesIfTold } from "../../core/staff_names";
import type { Hex } from "../../layouts/bytes";
import type { Context } from "../../ui/view";
import type { Shown } from "./opening";

/** Newest first, those of other gateways last. Throws Problem, and what the chain endpoint throws. */
export async function openingsOf(
  { session, network }: Pick<Context, "session" | "network">,
  account: AccountOfAccesses | null,
): Promise<readonly Shown[]> {
  const chain = chainOf(network);
  const told = await notices();
  // only of its own people is this gateway asked
  const own = told.filter(({ member }) => member === network.member.name);
  const names = await namesIfTold(own.flatMap(({ first, second }) => [first, second]));
  const here = told.map(async (one): Promise<Shown> => {
    const signed = signedOpening(one.opening, one.id, session.patient, chain);
    const people = [one.first, one.second].flatMap((account) => names.get(account) ?? []);
    const member = signed?.member ?? one.member;
    return { id: one.id, member, people, told: one, mine: signed !== null, state: await stateOf(one.id, chain) };
  });
  const known = new Set(told.map(({ id }) => id));
  const others = [...read(account)].filter(([id]) => !known.has(id));
  const elsewhere = others.map(async ([id, member]): Promise<Shown> => {
    // keepers signed that under this opening somebody asked for this patient's summary
    return { id, member, people: [], told: null, mine: true, state: await stateOf(id, chain) };
  });
  return Promise.all([...here, ...elsewhere]);
}

/** Openings under which somebody read or asked, with the member whose people did. */
function read(account: AccountOfAccesses | null): ReadonlyMap<Hex, string> {
  const found = new Map<Hex, string>();
  for (const { openingId, member } of account?.accesses ?? []) {
    if (openingId !== null && member !== null) found.set(openingId, member);
  }
  return found;
}

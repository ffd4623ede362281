/** What people of the serving member are called, by its own word: the chain knows accounts and no names (W-72). */

import type { Hex } from "../layouts/bytes";
import type { Access, AccountOfAccesses } from "./account";
import { call, Problem, type Network } from "./api";

const AT_ONCE = 1_000;

/** Names by account; whoever has none is not in it. */
async function staffNames(accounts: readonly Hex[]): Promise<ReadonlyMap<Hex, string>> {
  const found = new Map<Hex, string>();
  for (let first = 0; first < accounts.length; first += AT_ONCE) {
    const some = { accounts: accounts.slice(first, first + AT_ONCE) };
    const { names } = await call<{ names: Readonly<Record<Hex, string>> }>("POST", "/api/staff/names", some);
    for (const [account, name] of Object.entries(names)) found.set(account as Hex, name);
  }
  return found;
}

/** The same, and none where the gateway does not say: what keepers and chain say stands without names. */
export async function namesIfTold(accounts: readonly Hex[]): Promise<ReadonlyMap<Hex, string>> {
  try {
    return accounts.length === 0 ? new Map() : await staffNames([...new Set(accounts)]);
  } catch (error) {
    if (error instanceof Problem) return new Map();
    throw error;
  }
}

/** Whoever read as a person: who signed, or whom a system named. */
export const readerOf = ({ actor, practitioner }: Access): Hex => practitioner ?? actor;

/** With names of the serving member's own people; it is asked about nobody else's, as that would tell it who read elsewhere. */
export async function named(found: AccountOfAccesses, network: Network): Promise<AccountOfAccesses> {
  const own = found.accesses.filter(({ member }) => member === network.member.name);
  const names = await namesIfTold(own.map(readerOf));
  const person = (one: Access): string | null =>
    one.member === network.member.name ? (names.get(readerOf(one)) ?? one.person) : one.person;
  return { ...found, accesses: found.accesses.map((one) => ({ ...one, person: person(one) })) };
}

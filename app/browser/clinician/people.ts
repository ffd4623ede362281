/** Colleagues by account, asked once per sign-in. */

import * as clinic from "../core/clinic";
import { desk as t } from "../text/clinic_desk";
import { roleWords } from "../text/codes";
import { name, short } from "../ui/formats";
import { element } from "../ui/dom";
import type { Context } from "../ui/view";

export const colleagues = (context: Context): Promise<readonly clinic.Colleague[]> => context.once("staff", clinic.staff);

/** As words, for sentences. */
export function called(account: string, staff: readonly clinic.Colleague[]): string {
  return staff.find((one) => one.account === account)?.name ?? `${account.slice(0, 8)}…${account.slice(-4)}`;
}

/** The name, if the settings give one, beside the account's ends. */
export function person(account: string, staff: readonly clinic.Colleague[]): HTMLElement {
  const known = staff.find((one) => one.account === account);
  const named = known?.name ?? null;
  return element("span", {}, ...(named === null ? [] : [name(named), " "]), short(account));
}

/** Each by name and role, "Dr Bose, a senior doctor"; those who would look alike by department as well, else by account. */
export function distinct(people: readonly clinic.Colleague[]): readonly (readonly [account: string, words: string])[] {
  const ways: readonly ((one: clinic.Colleague) => readonly string[])[] = [
    (one) => [one.name ?? one.account, roleWords(one.role)],
    (one) => [one.name ?? one.account, roleWords(one.role), one.department === "any" ? t().anyDepartment : one.department],
    (one) => [one.name ?? one.account, roleWords(one.role), called(one.account, [])],
  ];
  const told = ways.map((way) => people.map((one) => t().described(way(one))));
  const alone = (words: readonly string[], at: number): boolean => words.filter((other) => other === words[at]).length === 1;
  return people.map(({ account }, at) => [account, (told.find((words) => alone(words, at)) ?? told[2])?.[at] ?? account] as const);
}

/** Colleagues by account, asked once per sign-in. */

import * as clinic from "../core/clinic";
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

/** "Dr Bose, a senior doctor" */
export const described = (one: clinic.Colleague): string => `${one.name ?? one.account}, ${roleWords(one.role)}`;

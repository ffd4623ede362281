/** An account as people compare it: the whole of it, in groups. Copied and read out it is still one word. */

import { accountOf } from "../../core/letters";
import type { Network } from "../../core/api";
import type { Hex } from "../../layouts/bytes";
import { LayoutInvalid } from "../../layouts/errors";
import { element } from "../../ui/dom";

export const account = (value: string): HTMLElement => element("code", { class: "hash account", dir: "ltr" }, value);

export function accountField(): HTMLInputElement {
  return element("input", {
    type: "text", autocomplete: "off", spellcheck: "false", dir: "ltr", maxlength: "120", placeholder: "0x…",
  });
}

/** What the field holds; null for what is no account. */
export function readAccount(field: HTMLInputElement, { chainId }: Network): Hex | null {
  try {
    return accountOf(field.value, chainId);
  } catch (error) {
    if (error instanceof LayoutInvalid) return null;
    throw error;
  }
}

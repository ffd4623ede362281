/** Which of the accesses are shown: by kind, and by institution. */

import { readers as t } from "../../text/readers";
import { element } from "../../ui/dom";
import { freshId } from "../../ui/parts";
import { CHOICES, type Choice } from "./occasions";

/** Calls `changed` now and with every change; null stands for all institutions. */
export function chooser(
  first: Choice,
  members: readonly string[],
  changed: (kind: Choice, member: string | null) => void,
): HTMLElement {
  const kinds = choice(t().filter, CHOICES.map((one) => [one, t().choices[one]] as const));
  kinds.select.value = first;
  // positions instead of names: a name may be anything, the empty text too
  const institutions = choice(t().from, [
    ["", t().anyone],
    ...members.map((member, at) => [String(at), member] as const),
  ]);
  const tell = (): void => {
    const { value } = institutions.select;
    const kind = CHOICES.find((one) => one === kinds.select.value) ?? first;
    changed(kind, value === "" ? null : (members[Number(value)] ?? null));
  };
  kinds.select.addEventListener("change", tell);
  institutions.select.addEventListener("change", tell);
  tell();
  const shown = members.length > 1 ? [institutions.field] : [];
  return element("div", { class: "choices" }, kinds.field, ...shown);
}

function choice(
  label: string,
  options: readonly (readonly [string, string])[],
): { readonly field: HTMLElement; readonly select: HTMLSelectElement } {
  const id = freshId();
  const made = options.map(([value, words]) => element("option", { value }, words));
  const select = element("select", { id, name: id }, ...made);
  return { field: element("div", { class: "field" }, element("label", { for: id }, label), select), select };
}

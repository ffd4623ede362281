/** What forms here share: labels with hints, and what is missing said once, read out at once. */

import { element } from "../../ui/dom";
import { goTo } from "../../ui/messages";
import { freshId, notice, quiet } from "../../ui/parts";

export function labelled(words: string, field: HTMLElement, hint: string | null = null): HTMLElement {
  field.id = freshId();
  const below = hint === null ? [] : [quiet(hint)];
  for (const one of below) {
    one.id = freshId();
    field.setAttribute("aria-describedby", one.id);
  }
  return element("div", {}, element("label", { for: field.id }, words), field, ...below);
}

export class Problems {
  readonly element = element("div", { role: "alert" });

  /** Whether there are none. */
  show(problems: readonly string[]): boolean {
    const lines = problems.map((one) => element("p", {}, one));
    this.element.replaceChildren(...(lines.length === 0 ? [] : [notice("warning", ...lines)]));
    if (lines.length > 0) goTo(this.element);
    return lines.length === 0;
  }
}

/** A long list of cards, page by page: only one page of it is in the document. */

import { parts as t } from "../text/parts";
import { element } from "./dom";
import { goTo } from "./messages";

const PAGE_ITEMS = 20;

/** `label` names the list for assistive technology; turning a page leads the reader to its beginning. */
export function paged<Item>(
  label: string,
  items: readonly Item[],
  draw: (item: Item) => HTMLElement,
  pageItems: number = PAGE_ITEMS,
): HTMLElement {
  const shown = element("ol", { class: "paged", "aria-label": label });
  const where = element("span", { "aria-live": "polite" });
  let first = 0;
  const fill = (): void => {
    shown.replaceChildren(...items.slice(first, first + pageItems).map((one) => element("li", {}, draw(one))));
    const last = Math.min(first + pageItems, items.length);
    where.textContent = t().rows(Math.min(first + 1, last), last, items.length);
    back.setAttribute("aria-disabled", String(first === 0));
    on.setAttribute("aria-disabled", String(last >= items.length));
  };
  const turning = (words: string, by: number): HTMLElement => {
    const made = element("button", { type: "button", class: "plain" }, words);
    made.addEventListener("click", () => {
      const to = first + by * pageItems;
      if (to < 0 || to >= items.length) return;
      first = to;
      fill();
      goTo(shown);
    });
    return made;
  };
  const back = turning(t().previous, -1);
  const on = turning(t().next, 1);
  fill();
  const paging = element("nav", { class: "paging", "aria-label": t().paging }, back, where, on);
  return element("div", {}, shown, ...(items.length > pageItems ? [paging] : []));
}

/** Cards of what others wrote: whatever is wrong with one, the page around it stands (W-86, W-87). */

import { failures } from "../text/failures";
import { element, type Child } from "../ui/dom";
import { note } from "../ui/messages";

/** The card, or that it cannot be shown, with what can be done about it all the same. */
export function drawn(make: () => HTMLElement, beside: () => readonly Child[] = () => []): HTMLElement {
  try {
    return make();
  } catch (error) {
    note(error);
    return element("article", { class: "card" }, element("p", { class: "warning" }, failures().unreadable), ...beside());
  }
}

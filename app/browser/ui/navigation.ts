/** The list of pages: beside them on a wide screen, behind a button on a phone. */

import { frame as t } from "../text/frame";
import { byId, element } from "./dom";
import type { View } from "./view";

/** Draws the list; `current` is marked. Without pages there is no list and no button. */
export function drawNavigation(views: readonly View[], current: string | null): void {
  const list = byId("pages");
  const open = byId("menu");
  open.textContent = t().menu;
  open.hidden = views.length < 2;
  list.hidden = views.length < 2;
  list.setAttribute("aria-label", t().pages);
  const items = views.map(({ route, title }) => {
    const mark = route === current ? { "aria-current": "page" } : {};
    return element("li", {}, element("a", { href: `#/${route}`, ...mark }, title()));
  });
  list.replaceChildren(element("ul", {}, ...items));
}

/** Opens and closes the list on a phone; going somewhere, or Escape, closes it. */
export function startNavigation(): void {
  const open = byId("menu");
  const list = byId("pages");
  const set = (state: "true" | "false"): void => {
    open.setAttribute("aria-expanded", state);
    list.dataset.open = state;
  };
  open.addEventListener("click", () => set(open.getAttribute("aria-expanded") === "true" ? "false" : "true"));
  list.addEventListener("click", (event) => {
    if (event.target instanceof HTMLAnchorElement) set("false");
  });
  addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || open.getAttribute("aria-expanded") !== "true") return;
    set("false");
    open.focus();
  });
}


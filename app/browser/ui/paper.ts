/** Paper has no buttons: what is shown page by page, or made when it is first opened, is there in whole before the browser prints. */

const MARK = "data-paper";

/** `before` runs ahead of printing, `after` when it is over, for as long as the place is in the document. */
export function whenPrinted(place: HTMLElement, before: () => void, after: () => void = () => {}): void {
  place.setAttribute(MARK, "");
  place.addEventListener("consentry-paper", before);
  place.addEventListener("consentry-screen", after);
}

// Made anew while one is told, a place may hold others.
const tell = (event: string): void => {
  const told = new Set<Element>();
  for (let left = 3; left > 0; left -= 1) {
    for (const one of document.querySelectorAll(`[${MARK}]`)) {
      if (told.has(one)) continue;
      told.add(one);
      one.dispatchEvent(new Event(event));
    }
  }
};

addEventListener("beforeprint", () => tell("consentry-paper"));
addEventListener("afterprint", () => tell("consentry-screen"));

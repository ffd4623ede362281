/** Where the pages of an application stand, one at a time: what is in the place now, and where in it the reader is left. */

import { frame as t } from "../text/frame";
import { button, byId } from "./dom";
import { attempt, goTo, say } from "./messages";
import { skeleton } from "./parts";

export type How = "arrived" | "anew";

export class Stage {
  private leaving = new AbortController();
  /** Where the reader is to be left on the page that is gone to. */
  private awaited: string | undefined;

  /** Leaves the page that stands here. The signal is that of the one that comes. */
  clear(): AbortSignal {
    this.leaving.abort();
    this.leaving = new AbortController();
    return this.leaving.signal;
  }

  put(parts: readonly HTMLElement[]): void {
    byId("content").replaceChildren(...parts);
  }

  leadTo(id: string | undefined): void {
    this.awaited = id;
  }

  /** Grey lines until the page is there; the reader is at its title. */
  arrive(): void {
    say();
    this.put([skeleton()]);
    goTo(byId("page-title"));
    scrollTo(0, 0);
  }

  /** Puts what `make` gives, unless the page was left meanwhile: whether it stands there now. */
  async show(make: () => Promise<HTMLElement>, left: AbortSignal, again: () => Promise<void>): Promise<boolean> {
    byId("content").setAttribute("aria-busy", "true");
    try {
      const shown = await make().catch((error: unknown) => {
        if (left.aborted) return null; // what fails of a page that was left concerns nobody
        this.offer(again);
        throw error;
      });
      if (shown === null || left.aborted) return false; // gone elsewhere, or signed out, while waiting
      this.put([shown]);
    } finally {
      if (this.leaving.signal === left) byId("content").removeAttribute("aria-busy");
    }
    return true;
  }

  /** Leaves the reader at the element with this id, or where whoever led here wanted. */
  settle(how: How, focus: string | undefined): void {
    const sought = focus ?? (how === "arrived" ? this.awaited : undefined);
    if (how === "arrived") this.awaited = undefined;
    if (sought !== undefined) goTo(document.getElementById(sought));
  }

  /** Nothing comes any more in the place of the grey lines. */
  private offer(again: () => Promise<void>): void {
    if (byId("content").querySelector(":scope > .skeleton") === null) return;
    this.put([button(t().retry, "primary", () => attempt(again))]);
  }
}

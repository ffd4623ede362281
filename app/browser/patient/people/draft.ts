/** What somebody has typed into a form and not sent, in memory alone: a page that is drawn anew costs none of it (W-141). */

import { whenBegunEnds } from "../../ui/begun";
import type { Context } from "../../ui/view";

export class Draft<T> {
  private kept: { readonly whose: string; readonly value: T } | null = null;

  constructor() {
    whenBegunEnds(() => (this.kept = null));
  }

  /** What the same wallet began for the same patient, or null. `now` is asked when the page is left: null where nothing stands in the form. */
  resume({ session, left }: Pick<Context, "session" | "left">, now: () => T | null): T | null {
    const whose = `${session.account} ${session.patient}`;
    const keep = (): void => {
      const value = now();
      if (value !== null) this.kept = { whose, value };
      else if (this.kept?.whose === whose) this.kept = null;
    };
    left.addEventListener("abort", keep, { once: true });
    return this.kept?.whose === whose ? this.kept.value : null;
  }
}

/** A card that somebody has to be asked for: the page is there before it, and it fails alone (W-65). */

import { frame } from "../text/frame";
import { parts as t } from "../text/parts";
import { button, element } from "./dom";
import { endsSignIn, goTo, note, wordsOf } from "./messages";
import { card, notice, quiet } from "./parts";

/**
 * In the place of the card until `make` has it; what goes wrong stands there, with a way to try again. `goal`: where in it
 * somebody goes who was led to the place before the card was there.
 */
export function later(
  id: string,
  title: string,
  make: () => Promise<HTMLElement>,
  left: AbortSignal,
  goal: (made: HTMLElement) => HTMLElement = (made) => made,
): HTMLElement {
  const place = named(card(title, quiet(t().loading)));
  place.setAttribute("aria-busy", "true");
  void settle(place);
  return place;

  async function settle(before: HTMLElement): Promise<void> {
    const made = await asked();
    if (made === null || left.aborted) return;
    const here = before === document.activeElement;
    before.replaceWith(made);
    if (here) goTo(goal(made));
  }

  async function asked(): Promise<HTMLElement | null> {
    try {
      return named(await make());
    } catch (error) {
      if (left.aborted || endsSignIn(error)) return null;
      note(error);
      return failed(error);
    }
  }

  function failed(error: unknown): HTMLElement {
    const again = button(frame().retry, "plain", async () => {
      const next = later(id, title, make, left, goal);
      shown.replaceWith(next);
      goTo(next);
    });
    const shown = named(card(title, notice("warning", ...wordsOf(error)), element("div", { class: "actions" }, again)));
    return shown;
  }

  function named(made: HTMLElement): HTMLElement {
    made.id = id;
    return made;
  }
}

/** The patient's record, read once for all pages of a sign-in; the wallet is asked only when the patient has said so. */

import { read, type Reading } from "../core/reading";
import { portraitText as t } from "../text/portrait";
import { element, button } from "../ui/dom";
import { number } from "../ui/formats";
import { attempt } from "../ui/messages";
import { card, progress } from "../ui/parts";
import type { Context } from "../ui/view";
import { readingSession } from "./sitting";

const READING = "reading";

/** What was read, if it was: pages show a button first, since the wallet is asked. */
const opened = new WeakMap<Context["session"], Reading>();

export const reading = ({ session }: Context): Reading | null => opened.get(session) ?? null;

export async function readNow(context: Context, tell: (done: number, of: number) => void): Promise<Reading> {
  const found = await context.once(READING, async () =>
    read(await readingSession(context), context.network, { progress: tell, signal: context.left }),
  );
  opened.set(context.session, found);
  return found;
}

/** Reads anew; what was shown stays until the new answer is there. */
export async function readAgain(context: Context, tell: (done: number, of: number) => void): Promise<Reading> {
  context.forget(READING);
  return readNow(context, tell);
}

/** In the place of a record that was not opened yet. */
export function openCard(context: Context): HTMLElement {
  const bar = progress(t().open.working);
  bar.element.hidden = true;
  const tell = (done: number, of: number): void => {
    bar.element.hidden = false;
    bar.set(done, of, t().opening(number(done), number(of)));
  };
  const action = button(t().open.action, "primary", () =>
    attempt(async () => {
      await readNow(context, tell);
      await context.refresh();
    }),
  );
  const how = t().open.how.map((words) => element("p", {}, words));
  return card(t().open.title, ...how, bar.element, element("div", { class: "actions" }, action));
}

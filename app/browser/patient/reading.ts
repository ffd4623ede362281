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

/** A reading that goes on while the patient looks at other pages, or at this one in another language. */
interface Run {
  readonly found: Promise<Reading>;
  far: readonly [number, number] | null;
  /** Whoever shows how far it is. */
  tell: (done: number, of: number) => void;
}

const runs = new WeakMap<Context["session"], Run>();

function start(context: Context): Run {
  const { session, network, signedOut: signal } = context;
  const progress = (done: number, of: number): void => {
    run.far = [done, of];
    run.tell(done, of);
  };
  const found = context.once(READING, async () => read(await readingSession(context), network, { progress, signal }));
  const run: Run = { found, far: null, tell: () => {} };
  runs.set(session, run);
  const over = (): void => {
    if (runs.get(session) === run) runs.delete(session);
  };
  found.then((record) => {
    opened.set(session, record);
    over();
  }, over);
  return run;
}

/** Reads anew; what was shown stays until the new answer is there. */
export async function readAgain(context: Context): Promise<Reading> {
  context.forget(READING);
  return start(context).found;
}

/** In the place of a record that was not opened yet. */
export function openCard(context: Context): HTMLElement {
  const bar = progress(t().open.working);
  const running = runs.get(context.session);
  bar.element.hidden = running === undefined;
  const follow = (run: Run): Promise<void> =>
    attempt(async () => {
      run.tell = (done, of) => {
        bar.element.hidden = false;
        bar.set(done, of, t().opening(number(done), number(of)));
      };
      if (run.far !== null) run.tell(...run.far);
      await run.found.finally(() => (bar.element.hidden = true));
      if (!context.left.aborted) await context.refresh();
    });
  const action = button(t().open.action, "primary", () => follow(runs.get(context.session) ?? start(context)));
  if (running !== undefined) void follow(running);
  const how = t().open.how.map((words) => element("p", {}, words));
  return card(t().open.title, ...how, bar.element, element("div", { class: "actions" }, action));
}

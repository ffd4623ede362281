/** The patient's record, read once for all pages of a sign-in; the wallet is asked only when the patient has said so. */

import { read, type OpenRecord, type Reading } from "../core/reading";
import { portraitText as t } from "../text/portrait";
import { element, button } from "../ui/dom";
import { number } from "../ui/formats";
import { attempt } from "../ui/messages";
import { card, notice, progress } from "../ui/parts";
import type { Context } from "../ui/view";
import { keptOf, readingSession } from "./sitting";

const READING = "reading";

/** The newest so many are shown before all are open. */
const SOME = 20;

const opened = new WeakMap<Context["session"], Reading>();

/** What was read, as far as it is there to be shown: pages show a button first, since the wallet is asked. */
export function reading({ session }: Context): Reading | null {
  const open = runs.get(session)?.open ?? [];
  return opened.get(session) ?? (open.length < SOME ? null : { records: inOrder(open), incomplete: [], lying: [] });
}

/** Whether what is shown is not all of it yet. */
export const isOpening = ({ session }: Context): boolean => runs.has(session) && !opened.has(session);

const inOrder = (records: readonly OpenRecord[]): readonly OpenRecord[] =>
  [...records].sort(({ header: left }, { header: right }) => (left.date < right.date ? -1 : Number(left.date > right.date)));

/** A reading that goes on while the patient looks at other pages, or at this one in another language. */
interface Run {
  readonly found: Promise<Reading>;
  /** When some are open, or all. */
  readonly some: () => Promise<unknown>;
  readonly open: OpenRecord[];
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
  const open: OpenRecord[] = [];
  let enough: () => void = () => {};
  const some = new Promise<void>((settle) => (enough = settle));
  const add = (record: OpenRecord): void => {
    if (open.push(record) === SOME) enough();
  };
  const found = context.once(READING, async () =>
    read(await readingSession(context), network, { progress, signal, found: add, kept: keptOf(context) }),
  );
  const run: Run = { found, some: () => Promise.race([some, found]), open, far: null, tell: () => {} };
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
      await run.some().finally(() => (bar.element.hidden = true));
      if (!context.left.aborted) await context.refresh();
    });
  const action = button(t().open.action, "primary", () => follow(runs.get(context.session) ?? start(context)));
  if (running !== undefined) void follow(running);
  const how = t().open.how.map((words) => element("p", {}, words));
  return card(t().open.title, ...how, bar.element, element("div", { class: "actions" }, action));
}

/** Above what is shown before all is open: it is not everything. Null when it is. `arrived` shows the rest once all is there. */
export function stillOpening(context: Context, arrived: () => Promise<void> = () => context.refresh()): HTMLElement | null {
  const run = runs.get(context.session);
  if (run === undefined || !isOpening(context)) return null;
  const bar = progress(t().open.working);
  run.tell = (done, of) => bar.set(done, of, t().opening(number(done), number(of)));
  if (run.far !== null) run.tell(...run.far);
  const shown = notice("warning", element("p", {}, element("strong", {}, t().soFar)), bar.element);
  shown.id = "still-opening";
  const all = button(t().showAll, "primary", () => attempt(arrived));
  void attempt(async () => {
    const found = await run.found.catch(async (error: unknown) => {
      if (!context.left.aborted) await context.refresh();
      throw error;
    });
    if (context.left.aborted) return;
    // Whoever is in the middle of it is not moved: a filter, an open part.
    if (document.getElementById("content")?.contains(document.activeElement)) {
      shown.replaceChildren(element("p", { role: "status" }, t().allOpen(number(found.records.length))), all);
    } else await arrived();
  });
  return shown;
}

/** Who read the record: asked of every keeper and checked here, then told in words (W-58 … W-60). */

import type { AccountOfAccesses } from "../../core/account";
import { readers as t } from "../../text/readers";
import { button, element } from "../../ui/dom";
import { number, time } from "../../ui/formats";
import { attempt } from "../../ui/messages";
import { card, empty, progress, quiet } from "../../ui/parts";
import { paged } from "../../ui/paged";
import { table } from "../../ui/table";
import type { Context } from "../../ui/view";
import { checkOf, knownAccount, startCheck, type Check } from "../sitting";
import { chooser } from "./chooser";
import { occasionCard } from "./occasion";
import { chosen, CHOICES, occasions, visitors, type Choice, type Occasion } from "./occasions";
import { saving, verdict } from "./verdict";

export async function render(context: Context): Promise<HTMLElement> {
  const found = knownAccount(context);
  return element(
    "div",
    { id: "readers" },
    element("p", { class: "lead" }, t().lead),
    ...(found === null ? [asking(context)] : told(found, context)),
  );
}

interface Checking {
  readonly bar: HTMLElement;
  readonly start: HTMLElement;
}

/** The button that starts a check, or goes on with the one that runs, and how far that one is. */
function checking(words: string, look: "primary" | "plain", context: Context): Checking {
  const bar = progress(words);
  const follow = (check: Check): Promise<void> =>
    attempt(async () => {
      const tell = (done: number, of: number): void => {
        bar.element.hidden = false;
        bar.set(done, of, t().asking(done, of));
      };
      check.tell = tell;
      if (check.far !== null) tell(...check.far);
      await check.found.finally(() => (bar.element.hidden = true));
      if (!context.left.aborted) await context.refresh("verdict");
    });
  const underWay = (): Check | null => {
    const check = checkOf(context);
    return check?.running ? check : null;
  };
  const running = underWay();
  bar.element.hidden = running === null;
  const start = button(words, look, () => follow(underWay() ?? startCheck(context)));
  if (running !== null) void follow(running);
  return { bar: bar.element, start };
}

function asking(context: Context): HTMLElement {
  const { bar, start } = checking(t().check, "primary", context);
  return card(t().list, element("p", {}, t().checkHint), bar, element("div", { class: "actions" }, start));
}

function told(found: AccountOfAccesses, context: Context): HTMLElement[] {
  const all = occasions(found.accesses);
  const { bar, start } = checking(t().again, "plain", context);
  return [
    verdict(found, context.network),
    bar,
    element("div", { class: "actions" }, start),
    whoCard(all),
    listCard(all, context),
    card(t().keep, saving(found)),
    quiet(t().limit),
  ];
}

function whoCard(all: readonly Occasion[]): HTMLElement {
  const found = visitors(all);
  if (found.length === 0) return card(t().visitors, empty(element("p", {}, t().nobody)));
  const columns = [
    { title: t().institution, cell: (one: (typeof found)[number]) => element("bdi", {}, one.member) },
    { title: t().times, cell: (one: (typeof found)[number]) => number(one.times), numeric: true as const },
    { title: t().last, cell: (one: (typeof found)[number]) => time(one.last) },
  ];
  return card(t().visitors, table(t().visitorsOf, columns, found));
}

const choiceOf = (part: string | null): Choice => CHOICES.find((one) => one === part) ?? "others";

function listCard(all: readonly Occasion[], { session, part }: Context): HTMLElement {
  const place = element("div", { id: "occasions" });
  const members = [...new Set(all.flatMap(({ reader }) => reader.member ?? []))].sort();
  const choice = chooser(choiceOf(part), members, (kind, member) => {
    const found = chosen(all, kind, member);
    place.replaceChildren(
      found.length === 0
        ? empty(element("p", {}, t().nothing))
        : paged(t().list, found, (one) => occasionCard(one, session.patient)),
    );
  });
  return card(t().list, choice, place);
}

/** Reading a part of somebody else's record by a mandate: opened in this browser, as the own record is (W-87). */

import type { KnownMandate } from "../../core/mandates";
import { didOf } from "../../core/letters";
import { read, type OpenRecord, type Reading } from "../../core/reading";
import { openReadingSession } from "../../core/reading_session";
import type { Session } from "../../core/session";
import type { Mandate } from "../../layouts/mandates";
import { CATEGORIES } from "../../layouts/words";
import { categoryWords } from "../../text/codes";
import { mandateLines } from "../../text/mandate_words";
import { mandates as t } from "../../text/mandates";
import { button, element } from "../../ui/dom";
import { day, number } from "../../ui/formats";
import { attempt } from "../../ui/messages";
import { card, empty, foldable, link, notice, progress } from "../../ui/parts";
import { paged } from "../../ui/paged";
import type { Context } from "../../ui/view";
import { wordList } from "../consents/lines";
import { allergyCard, conditionCard, medicineCard, type ToRecord } from "../overview/health";
import { resultsCard } from "../overview/results";
import { current, held } from "../portrait/held";
import { portrait, type Portrait } from "../portrait/portrait";
import { incompleteNotice } from "../records/incomplete";
import { resourceList } from "../records/resources";
import { account } from "./account";

interface Acting {
  readonly by: KnownMandate;
  found: Reading | null;
}

/** In memory alone: no address says for whom somebody reads. */
const acting = new WeakMap<Session, Acting>();

export function actUnder(by: KnownMandate, session: Session): void {
  if (acting.get(session)?.by.id !== by.id) acting.set(session, { by, found: null });
}

/** Null where no mandate was chosen: after reloading, or at an address that was kept. */
export function behalfPage(context: Context): HTMLElement | null {
  const chosen = acting.get(context.session);
  if (chosen === undefined) return null;
  const words = t().behalf;
  const { mandate } = chosen.by;
  return element(
    "div",
    {},
    link(words.back, "#/people"),
    notice(
      "warning",
      element("p", {}, element("strong", {}, words.title)),
      element("p", {}, words.who, " ", account(didOf(mandate.patient, context.network.chainId))),
      foldable(t().held.said, wordList(mandateLines(mandate, "reads"))),
    ),
    ...(chosen.found === null ? [opening(chosen, context)] : shown(chosen.found, context)),
  );
}

function opening(chosen: Acting, context: Context): HTMLElement {
  const words = t().behalf;
  const bar = progress(words.working);
  bar.element.hidden = true;
  const open = button(words.open, "primary", () =>
    attempt(async () => {
      const { session, network, signedOut: signal } = context;
      const reading = await openReadingSession(session, chosen.by.mandate);
      bar.element.hidden = false;
      const tell = (done: number, of: number): void => bar.set(done, of, words.opening(number(done), number(of)));
      chosen.found = await read(reading, network, { categories: categoriesOf(chosen.by.mandate), progress: tell, signal });
      if (!context.left.aborted) await context.refresh();
    }).finally(() => (bar.element.hidden = true)),
  );
  const how = words.how.map((line) => element("p", {}, line));
  return card(words.title, ...how, bar.element, element("div", { class: "actions" }, open));
}

/** Those that the scope names: no keeper is asked for any other, and none is refused. */
export function categoriesOf({ scope }: Mandate): readonly string[] {
  const named = new Set(scope.provisions.flatMap(({ categories }) => categories));
  return named.has("any") ? CATEGORIES : CATEGORIES.filter((one) => named.has(one));
}

function shown(found: Reading, context: Context): HTMLElement[] {
  const words = t().behalf;
  const part = notice("info", element("p", {}, words.part));
  const missing = incompleteNotice(found);
  if (found.records.length === 0) return [...(missing === null ? [] : [missing]), empty(element("p", {}, words.none)), part];
  const newest = [...found.records].sort((left, right) => right.header.date.localeCompare(left.header.date));
  return [
    ...(missing === null ? [] : [missing]),
    part,
    ...together(portrait(current(found.records), Date.now()), context.left),
    card(words.records(number(newest.length)), paged(words.records(number(newest.length)), newest, oneRecord)),
  ];
}

const nowhere: ToRecord = () => null;

/** What there is to tell, and nothing of what there is not: a part says nothing of the rest. */
function together(drawn: Portrait, left: AbortSignal): readonly HTMLElement[] {
  const measured = drawn.series.length + drawn.findings.length > 0;
  return [
    ...(drawn.allergies.length > 0 ? [allergyCard(drawn, nowhere)] : []),
    ...(drawn.medicines.length > 0 ? [medicineCard(drawn, nowhere)] : []),
    ...(drawn.conditions.length > 0 ? [conditionCard(drawn, nowhere)] : []),
    ...(measured ? [resultsCard(drawn, nowhere, left)] : []),
  ];
}

const oneRecord = (one: OpenRecord): HTMLElement =>
  foldable(`${categoryWords(one.header.category)} · ${day(one.header.date)} · ${one.author.name}`, ...resourceList(held(one)));

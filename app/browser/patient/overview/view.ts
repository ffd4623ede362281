/** The overview: one person's health, from all hospitals. */

import type { OpenRecord, Reading } from "../../core/reading";
import { codeWords } from "../../text/fhir";
import { portraitText as t } from "../../text/portrait";
import { records as words } from "../../text/records";
import { button, element } from "../../ui/dom";
import { day, number } from "../../ui/formats";
import { grow, part } from "../../ui/grow";
import { attempt } from "../../ui/messages";
import { empty, facts, link, notice, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { current } from "../portrait/held";
import { portrait, type Portrait } from "../portrait/portrait";
import { isOpening, openCard, readAgain, reading, stillOpening } from "../reading";
import { addressOf } from "../records/addresses";
import { incompleteNotice } from "../records/incomplete";
import { sensitiveSwitch, shownOf } from "../sensitive";
import { alsoCard } from "./also";
import { allergyCard, conditionCard, medicineCard, type ToRecord } from "./health";
import { resultsCard } from "./results";
import { elsewhere, takingOver } from "./elsewhere";
import { begun, isNew, stepsCard } from "./steps";
import { timelineCard } from "./timeline";

export async function render(context: Context): Promise<HTMLElement> {
  const found = reading(context);
  if (found === null) {
    const far = await begun(context.session);
    const steps = isNew(far) ? [stepsCard(far, context)] : [];
    return element("div", {}, takingOver(context), elsewhere(context), ...steps, ...(far.directory ? [openCard(context)] : []));
  }
  if (found.records.length === 0) return nothing(context, found);
  const shown = overview(context, found, async () => {
    const all = reading(context);
    if (all !== null && !context.left.aborted) grow(shown, overview(context, all, null));
  });
  return shown;
}

/** `arrived`: what comes after, while not all is open. */
function overview(context: Context, found: Reading, arrived: (() => Promise<void>) | null): HTMLElement {
  const visible = shownOf(found.records, context);
  const drawn = portrait(current(visible), Date.now());
  const toRecord: ToRecord = (recordId) => addressOf(found.records, recordId);
  return element(
    "div",
    {},
    part(takingOver(context), "taking-over", null),
    arrived === null ? null : stillOpening(context, arrived),
    incompleteNotice(found),
    sensitiveSwitch(context),
    ...(isOpening(context) ? soFar : sections)(drawn, toRecord, context.left),
    isOpening(context) ? null : tools(context, visible),
  );
}

async function nothing(context: Context, found: Reading): Promise<HTMLElement> {
  const none = empty(element("p", {}, element("strong", {}, t().none)), element("p", {}, t().noneHow));
  return element("div", {}, takingOver(context), elsewhere(context), incompleteNotice(found), none, stepsCard(await begun(context.session), context), tools(context, []));
}

/** The portrait itself: a clinician's page draws it of what it may read. */
export const sections = (drawn: Portrait, toRecord: ToRecord, left: AbortSignal): readonly HTMLElement[] =>
  parts(drawn, toRecord, left, (card) => card());

/** Before all is open: that nobody noted an allergy, a medicine or a condition is not told yet. */
const soFar = (drawn: Portrait, toRecord: ToRecord, left: AbortSignal): readonly HTMLElement[] =>
  parts(drawn, toRecord, left, (card, found) => (found.length === 0 ? null : card()));

type Shown = (card: () => HTMLElement, found: readonly unknown[]) => HTMLElement | null;

function parts(drawn: Portrait, toRecord: ToRecord, left: AbortSignal, shown: Shown): readonly HTMLElement[] {
  const { allergies, medicines, conditions, occasions, hospitals, vaccinations, procedures, devices, contacts } = drawn;
  const cards = [
    ["about", [drawn.about, drawn.records, hospitals], aboutLine(drawn)],
    ["allergies", allergies, shown(() => allergyCard(drawn, toRecord), allergies)],
    ["medicines", medicines, shown(() => medicineCard(drawn, toRecord), medicines)],
    ["conditions", conditions, shown(() => conditionCard(drawn, toRecord), conditions)],
    ["results", [drawn.series, drawn.findings], resultsCard(drawn, toRecord, left)],
    ["visits", [occasions, hospitals], timelineCard(drawn, toRecord)],
    ["also", [vaccinations, procedures, devices, contacts], alsoCard(drawn, toRecord)],
  ] as const;
  return cards.flatMap(([name, data, card]) => (card === null ? [] : [part(card, name, data)]));
}

function aboutLine({ about, hospitals, records }: Portrait): HTMLElement {
  return element(
    "div",
    {},
    quiet(t().counted(words().count(number(records)), words().hospitalCount(number(hospitals.length)))),
    facts(
      [t().hospitals, element("ul", { class: "tags" }, ...hospitals.map(({ name: called, records: count }) => element("li", {}, element("bdi", {}, called), ` (${number(count)})`)))],
      [t().about, aboutWords(about)],
    ),
    ...(about.differ ? [notice("warning", element("p", {}, t().aboutDiffer))] : []),
  );
}

function aboutWords({ gender, born, died }: Portrait["about"]): string | null {
  const parts = [
    gender === null ? null : codeWords(gender, "gender"),
    born === null ? null : `${words().born} ${day(born.text)}`,
    died === null ? null : `${words().died} ${day(died.text)}`,
  ].filter((part): part is string => part !== null);
  return parts.length === 0 ? null : parts.join(" · ");
}

function tools(context: Context, records: readonly OpenRecord[]): HTMLElement {
  const again = button(t().again, "plain", () =>
    attempt(async () => {
      await readAgain(context);
      if (!context.left.aborted) await context.refresh();
    }),
  );
  const all = link(words().all(number(records.length)), "#/records", "button");
  return element("div", { class: "actions" }, ...(records.length === 0 ? [] : [all]), again);
}

/** Reading the chosen patient's record, for a purpose that the clinician names each time. */

import { readersPurpose } from "../text/clinic_purposes";
import { patient as found } from "../text/clinic_patient";
import { reading as t } from "../text/clinic_reading";
import { button, element } from "../ui/dom";
import { time } from "../ui/formats";
import { attempt, say } from "../ui/messages";
import { card, empty, facts, link, notice, progress, quiet } from "../ui/parts";
import type { Context } from "../ui/view";
import { purposesAsked } from "./asking";
import { chosen, identity } from "./chosen";
import { choice, form } from "./forms";
import { keepReading, lastReading, read, type Read } from "./reading";
import { recordShown, shown } from "./shown";

export async function render(context: Context): Promise<HTMLElement> {
  const patient = await chosen(context);
  if (patient === null) {
    return empty(element("p", {}, found().none), link(found().find, "#/patient", "button"));
  }
  const last = await lastReading(patient.ref, context);
  const one = last === null || context.part === null ? undefined : last.records[Number(context.part) - 1];
  if (last !== null && one !== undefined) return element("div", {}, facts(...identity(patient)), recordShown(one, last, context));
  const purpose = choice(t().purpose, t().choose, purposesAsked(), t().purposeHint);
  const busy = progress(t().working);
  busy.element.hidden = true;
  const old = notice("danger", element("p", {}, t().old), last === null ? null : time(last.at));
  old.hidden = true;
  const go = button(last === null ? t().read : t().again, "primary", () =>
    attempt(async () => {
      purpose.complain(purpose.control.value === "" ? t().noPurpose : null);
      if (purpose.control.value === "") return;
      busy.element.hidden = false;
      busy.set(0, 1, t().working);
      try {
        const answer = await read({ patient: patient.ref, purpose: purpose.control.value }, context);
        // Whoever has gone on to somebody else is shown nothing of this one.
        if (context.left.aborted || (await chosen(context))?.ref !== patient.ref) return;
        await keepReading(patient.ref, answer, context);
        say(); // what failed before has succeeded
        await context.refresh("was-read");
      } catch (error) {
        old.hidden = false;
        throw error;
      } finally {
        busy.element.hidden = true;
      }
    }),
  );
  return element(
    "div",
    {},
    card(found().chosen, facts(...identity(patient)), form(go, purpose.element), busy.element),
    ...(last === null
      ? []
      : [
          element("h2", { id: "was-read" }, t().what(readersPurpose(last.purpose))),
          quiet(t().asOf, " ", time(last.at)),
          old,
          shown(last, context, (recordId) => placeOf(recordId, last)),
          // whether nothing is permitted or nothing there: the ways on are the same
          ...(last.records.length > 0 ? [] : [waysOn()]),
        ]),
  );
}

const waysOn = (): HTMLElement =>
  element("div", { class: "actions" }, link(t().ask, "#/patient", "button"), link(found().emergency, "#/emergency"));

/** By its place in what was read: an address tells nothing of anybody. */
function placeOf(recordId: string, { records }: Read): `#/record/${number}` | null {
  const at = records.findIndex((one) => one.recordId === recordId);
  return at < 0 ? null : `#/record/${at + 1}`;
}

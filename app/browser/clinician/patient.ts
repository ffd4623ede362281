/** The patient whom the clinician works with: found, linked, asked for a consent. */

import * as clinic from "../core/clinic";
import { patient as t } from "../text/clinic_patient";
import { button, element } from "../ui/dom";
import { short } from "../ui/formats";
import { attempt } from "../ui/messages";
import { card, facts, link, quiet } from "../ui/parts";
import type { Context } from "../ui/view";
import { followAnswers } from "./answers";
import { askCard } from "./asking";
import { choose, chosen, identity, openFor } from "./chosen";
import { consentsCard } from "./consents";
import { finder } from "./finding";
import { linkCard } from "./linking";
import { colleagues } from "./people";
import { forgetReading } from "./reading";

export async function render(context: Context): Promise<HTMLElement> {
  const patient = await chosen(context);
  return patient === null ? finding(context) : present(patient, context);
}

async function take(linked: clinic.Linked | null, context: Context): Promise<void> {
  if (context.left.aborted) return; // found for a page that was left: somebody else may be chosen by now
  await choose(context, linked);
  forgetReading(context);
  await context.refresh("page-title");
}

function finding(context: Context): HTMLElement {
  const page = element("div");
  const found = (linked: clinic.Linked): Promise<void> => take(linked, context);
  page.append(
    finder(context, {
      found,
      unlinked: async (did) => {
        page.replaceChildren(linkCard(did, context, found), cannotSign(did, context), again());
      },
    }),
  );
  const again = (): HTMLElement => button(t().another, "plain", () => attempt(() => context.refresh("page-title")));
  return page;
}

/** Whoever cannot sign now cannot be linked: what is left is the summary for emergencies (W-102). */
function cannotSign(did: string, context: Context): HTMLElement {
  const open = button(t().emergency, "danger", () =>
    attempt(async () => {
      await openFor(did, context);
      context.show("emergency", undefined, "open-emergency");
    }),
  );
  return card(t().cannotSign, element("p", {}, t().cannotSignHow), quiet(t().laterRecord), element("div", { class: "actions" }, open));
}

async function present(patient: clinic.Linked, context: Context): Promise<HTMLElement> {
  // In this order: what is answered in between does not stand as waiting.
  const [open, staff] = await Promise.all([clinic.unanswered(), colleagues(context)]);
  const given = await clinic.consentsOf(patient.ref);
  const me = staff.find(({ account }) => account === context.session.account);
  const another = button(t().another, "plain", () => attempt(() => take(null, context)));
  const drawn = (now: readonly clinic.DeskConsent[]): HTMLElement =>
    consentsCard(now, patient.did, me?.role ?? null, context.network);
  const consents = element("div", {}, drawn(given));
  const waiting = given.filter(({ id, status }) => status === "proposed" && open.includes(id)).map(({ id }) => id);
  const show = (now: readonly clinic.DeskConsent[]): void => consents.replaceChildren(drawn(now));
  void attempt(() => followAnswers(waiting, () => clinic.consentsOf(patient.ref), show, context.left));
  return element(
    "div",
    {},
    card(
      t().chosen,
      facts(...identity(patient), [t().reference, short(patient.ref)]),
      element("div", { class: "actions" }, link(t().read, "#/record", "button"), another, link(t().emergency, "#/emergency")),
    ),
    consents,
    askCard(patient, context),
  );
}

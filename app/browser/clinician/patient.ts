/** The patient whom the clinician works with: found, linked, asked for a consent. */

import * as clinic from "../core/clinic";
import { language } from "../core/language";
import { consent as termsOf } from "../layouts/terms";
import { patient as t } from "../text/clinic_patient";
import { button, element } from "../ui/dom";
import { name, short, time } from "../ui/formats";
import { attempt } from "../ui/messages";
import { card, empty, facts, foldable, link } from "../ui/parts";
import type { Context } from "../ui/view";
import { askCard } from "./asking";
import { choose, chosen } from "./chosen";
import { stateBadge } from "./desk";
import { finder } from "./finding";
import { linkCard } from "./linking";
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
        page.replaceChildren(linkCard(did, context, found), again());
      },
    }),
  );
  const again = (): HTMLElement => button(t().another, "plain", () => attempt(() => context.refresh("page-title")));
  return page;
}

async function present(patient: clinic.Linked, context: Context): Promise<HTMLElement> {
  const given = await clinic.consentsOf(patient.ref);
  const another = button(t().another, "plain", () => attempt(() => take(null, context)));
  return element(
    "div",
    {},
    card(
      t().chosen,
      facts([t().did, short(patient.did)], [t().reference, short(patient.ref)]),
      element("div", { class: "actions" }, link(t().read, "#/record", "button"), another),
    ),
    card(t().consents, ...(given.length === 0 ? [empty(element("p", {}, t().consentsNone))] : given.map(consentLine))),
    askCard(patient, context),
  );
}

function consentLine(one: clinic.DeskConsent): HTMLElement {
  const { terms, validUntil } = termsOf(one.consent);
  const lines = one.words[language()].map((words) => element("li", {}, words));
  return element(
    "article",
    { class: "consent", "data-status": one.status },
    element("p", { class: "pair" }, name(terms.recipientName), " ", stateBadge(one.status), " ", time(validUntil)),
    foldable(t().words, element("ul", {}, ...lines)),
  );
}

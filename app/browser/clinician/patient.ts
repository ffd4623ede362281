/** The patient whom the clinician works with: found, linked, asked for a consent. */

import * as clinic from "../core/clinic";
import { checkedConsent, Mismatch } from "../core/checks";
import type { Hex } from "../layouts/bytes";
import { TermsInvalid } from "../layouts/errors";
import { patient as t } from "../text/clinic_patient";
import { consentLines } from "../text/consent_words";
import { failures } from "../text/failures";
import { button, element } from "../ui/dom";
import { name, short, time } from "../ui/formats";
import { attempt } from "../ui/messages";
import { card, empty, facts, foldable, link } from "../ui/parts";
import type { Context } from "../ui/view";
import { askCard } from "./asking";
import { choose, chosen, identity } from "./chosen";
import { stateBadge } from "./desk";
import { accountOf } from "./dids";
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
      facts(...identity(patient), [t().reference, short(patient.ref)]),
      element("div", { class: "actions" }, link(t().read, "#/record", "button"), another),
    ),
    card(t().consents, ...(given.length === 0 ? [empty(element("p", {}, t().consentsNone))] : given.map((one) => consentLine(one, patient, context)))),
    askCard(patient, context),
  );
}

/** In this page's own words, from terms under whose id the patient signs; what does not fit is told as that. */
function consentLine(one: clinic.DeskConsent, patient: clinic.Linked, { network }: Context): HTMLElement {
  const made = element("article", { class: "consent", "data-status": one.status });
  try {
    const read = checkedConsent(one, network, accountOf(patient.did) as Hex);
    const lines = consentLines(read).map((words) => element("li", {}, words));
    made.append(
      element("p", { class: "pair" }, name(read.terms.recipientName), " ", stateBadge(one.status), " ", time(read.validUntil)),
      foldable(t().words, element("ul", {}, ...lines)),
    );
  } catch (error) {
    if (!(error instanceof Mismatch) && !(error instanceof TermsInvalid)) throw error;
    made.append(element("p", { class: "warning" }, failures()[error instanceof Mismatch ? error.kind : "terms-unknown"]));
  }
  return made;
}

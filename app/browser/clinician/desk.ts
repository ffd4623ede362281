/** The first page: who one is here, what waits for one's signature, what one asked patients for. */

import * as clinic from "../core/clinic";
import { ANSWERING, waitingCount } from "../core/clinic_petitions";
import { consent as termsOf } from "../layouts/terms";
import { readersPurpose } from "../text/clinic_purposes";
import { roleWords } from "../text/codes";
import { desk as t } from "../text/clinic_desk";
import { clinicPetitions as p } from "../text/clinic_petitions";
import { button, element } from "../ui/dom";
import { day, list, name, short, time } from "../ui/formats";
import { card, empty, facts, link, notice } from "../ui/parts";
import { attempt } from "../ui/messages";
import { table } from "../ui/table";
import type { Context } from "../ui/view";
import { followAnswers } from "./answers";
import { choose } from "./chosen";
import { stateBadge } from "./consents";
import { waitingPlace } from "./countersigning";
import { colleagues } from "./people";

export async function render(context: Context): Promise<HTMLElement> {
  const [staff, asked, halves, openings] = await Promise.all([
    colleagues(context),
    clinic.proposals(),
    clinic.waiting(),
    clinic.openings(),
  ]);
  const me = staff.find(({ account }) => account === context.session.account) ?? null;
  // Others are not asked for: a refusal would be noted each time.
  const unanswered = me !== null && ANSWERING.includes(me.role) ? await waitingCount() : 0;
  const due = openings.filter(({ stage, first, second }) => stage !== "open" && ![first, second].includes(context.session.account));
  return element(
    "div",
    {},
    waitingPlace(halves, staff, context),
    due.length === 0 ? null : notice("warning", element("p", {}, t().reviews(due.length)), link(t().toReviews, "#/emergency")),
    unanswered === 0 ? null : notice("info", element("p", {}, p().waiting(unanswered)), link(p().toThem, "#/petitions")),
    card(t().start, element("p", {}, t().startHow), link(t().findPatient, "#/patient", "button")),
    askedPlace(asked, context),
    identity(me, context),
  );
}

function identity(me: clinic.Colleague | null, { session, network }: Context): HTMLElement {
  return card(
    t().who,
    facts(
      [t().name, me?.name == null ? t().nameless : name(me.name)],
      [t().role, me === null ? null : roleWords(me.role)],
      [t().department, me === null ? null : me.department === "any" ? t().anyDepartment : me.department],
      [t().licence, me === null ? null : time(me.licenceEndsAt, day)],
      [t().member, name(network.member.name)],
      [t().account, element("code", { class: "hash" }, session.account)],
    ),
  );
}

function askedPlace(asked: readonly clinic.DeskConsent[], context: Context): HTMLElement {
  const place = element("div", {}, askedCard(asked, context));
  const waiting = asked.filter(({ status }) => status === "proposed").map(({ id }) => id);
  const show = (now: readonly clinic.DeskConsent[]): void => place.replaceChildren(askedCard(now, context));
  void attempt(() => followAnswers(waiting, clinic.proposals, show, context.left));
  return place;
}

function askedCard(asked: readonly clinic.DeskConsent[], context: Context): HTMLElement {
  if (asked.length === 0) return card(t().asked, empty(element("p", {}, t().askedNone)));
  return card(
    t().asked,
    table(
      t().askedTable,
      [
        { title: t().patient, cell: (one) => patientCell(one, context) },
        { title: t().what, cell: (one) => forWhat(one) },
        { title: t().when, cell: (one) => time(one.proposedAt, day) },
        { title: t().until, cell: (one) => time(termsOf(one.consent).validUntil, day) },
        { title: t().state, cell: (one) => stateBadge(one.status) },
      ],
      asked,
    ),
  );
}

function forWhat({ consent }: clinic.DeskConsent): string {
  const purposes = termsOf(consent).terms.provisions.flatMap((one) => one.purposes);
  return list([...new Set(purposes)].map(readersPurpose));
}

function patientCell({ patient: { ref, did } }: clinic.DeskConsent, context: Context): HTMLElement {
  const shown = short(did);
  if (ref === null) return element("span", {}, shown, " ", t().notLinked);
  const open = button(t().open, "plain", () =>
    attempt(async () => {
      await choose(context, { ref, did });
      context.show("patient");
    }),
  );
  return element("span", { class: "pair" }, shown, " ", open);
}

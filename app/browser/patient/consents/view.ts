/** Consents: what is asked of the patient, what holds, what has ended; and consents of the patient's own making. */

import * as api from "../../core/api";
import { toldConsents, type ToldConsent } from "../../core/told_consents";
import { consents as t } from "../../text/consents";
import { drafts } from "../../text/drafts";
import { element } from "../../ui/dom";
import { card, foldable, link, notice } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { consentCard } from "./card";
import { directoryCard } from "./directory";
import { changing, forgetChanging } from "./changing";
import { bringing } from "./elsewhere";
import { consentForm } from "./form";
import { forgetDraft, sayGiven } from "./preview";
import { begun, FORMS, isForm } from "./templates";

const ENDED_SHOWN = 5;

export async function render(context: Context): Promise<HTMLElement> {
  const { part, session, refresh, network } = context;
  const change = changing(session);
  if (isForm(part)) return consentForm(part, begun(part, network.member.address), context);
  if (part === "again" && change !== null) return consentForm("again", change.from, context);
  forgetDraft();
  const [state, shown] = await Promise.all([api.directory(), toldConsents(session)]);
  const kept = directoryCard(state, session, refresh);
  const list = consentList(shown, context);
  sayGiven(session);
  return element("div", {}, ...(state.cid === null ? [kept, list, own(context)] : [list, own(context), kept]));
}

function consentList(shown: readonly ToldConsent[], context: Context): HTMLElement {
  const of = (...statuses: readonly api.Status[]): readonly ToldConsent[] =>
    shown.filter(({ status }) => statuses.includes(status));
  const [proposed, active, ended] = [of("proposed"), of("active"), of("revoked", "expired")];
  const checked = active.filter(({ by }) => by !== "unchecked");
  const cards = (items: readonly api.ShownConsent[]): HTMLElement[] =>
    items.map((item) => consentCard(item, checked, context));
  const group = (title: string, items: readonly HTMLElement[]): HTMLElement[] =>
    items.length === 0 ? [] : [element("h2", {}, title), ...items];
  const [recent, older] = [ended.slice(0, ENDED_SHOWN), ended.slice(ENDED_SHOWN)];
  return element(
    "section",
    { "aria-label": t().list.title },
    ...said(shown),
    ...(proposed.length + active.length === 0 ? [element("p", { class: "empty" }, t().list.none)] : []),
    ...group(t().list.proposed, cards(proposed)),
    ...group(t().list.active, cards(active)),
    ...group(t().list.ended, cards(recent)),
    ...(older.length === 0 ? [] : [foldable(t().list.older(older.length), ...cards(older))]),
  );
}

/** What is shown is the ledger's word; where it is not, or the gateway's is another, that is said first. */
function said(shown: readonly ToldConsent[]): readonly HTMLElement[] {
  const has = (by: ToldConsent["by"]): boolean => shown.some((one) => one.by === by);
  if (has("differs")) return [notice("warning", element("p", {}, t().differs))];
  return has("unasked") ? [notice("info", element("p", {}, t().unasked))] : [];
}

/** Templates; each leads to its form. */
function own(context: Context): HTMLElement {
  forgetChanging();
  const { title, lead, templates } = drafts();
  const entry = (name: (typeof FORMS)[number] | "family", address: `#/${string}`): HTMLElement =>
    element(
      "li",
      {},
      link(templates[name].title, address),
      element("span", { class: "quiet" }, templates[name].lead),
    );
  return card(
    title,
    element("p", {}, lead),
    element("ul", { class: "offers" }, ...FORMS.map((form) => entry(form, `#/consents/${form}`)), entry("family", "#/people")),
    bringing(context),
  );
}

/** Allowing institutions to read somebody else's record by a mandate, and taking that back (W-110). */

import { allowedPurposes, grantedUnder, revokeUnder, type GrantedUnder } from "../../core/behalf";
import { didOf } from "../../core/letters";
import type { KnownMandate } from "../../core/mandates";
import { readingPurpose } from "../../core/reading_session";
import type { Session } from "../../core/session";
import { allowing as t } from "../../text/allowing";
import { consentLines } from "../../text/consent_words";
import { consents } from "../../text/consents";
import { mandateLines } from "../../text/mandate_words";
import { ask } from "../../ui/dialog";
import { button, element } from "../../ui/dom";
import { name } from "../../ui/formats";
import { attempt, say } from "../../ui/messages";
import { badge, card, foldable, link, notice, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { mandates } from "../../text/mandates";
import { exactTerms } from "../consents/exact";
import { wordList } from "../consents/lines";
import { ends } from "../consents/sign";
import { drawn } from "../unreadable";
import { account } from "./account";
import { allowingForm, sayAllowed } from "./allowing_form";

/** In memory alone: no address says for whom somebody signs. */
const chosen = new WeakMap<Session, KnownMandate>();

export const canAllow = ({ mandate }: KnownMandate): boolean => allowedPurposes(mandate).length > 0;

export function allowUnder(by: KnownMandate, { session, show }: Context): void {
  chosen.set(session, by);
  show("people", "allowing");
}

/** Null where no mandate was chosen: after reloading, or at an address that was kept. */
export async function allowingPage(context: Context): Promise<HTMLElement | null> {
  const by = chosen.get(context.session);
  if (by === undefined) return null;
  const { mandate } = by;
  const granted = await grantedUnder(by, context.session);
  const reads = readingPurpose(mandate) === null ? "grants-only" : "reads";
  const form = await allowingForm(by, context);
  sayAllowed(context.session);
  return element(
    "div",
    {},
    link(mandates().behalf.back, "#/people"),
    notice(
      "warning",
      element("p", {}, element("strong", {}, t().title)),
      element("p", {}, t().whose, " ", account(didOf(mandate.patient, context.network.chainId))),
      ...t().how.map((line) => element("p", {}, line)),
      foldable(t().by, wordList(mandateLines(mandate, reads))),
    ),
    form,
    list(granted, by, context),
  );
}

function list(granted: readonly GrantedUnder[], by: KnownMandate, context: Context): HTMLElement {
  const now = granted.filter(({ standing }) => standing === "active");
  const over = granted.filter(({ standing }) => standing !== "active" && standing !== "unknown");
  const shown = (one: GrantedUnder): HTMLElement =>
    drawn(() => entry(one, by, context), () => (one.standing === "active" ? [revoking(one, by, context)] : []));
  return card(
    t().list,
    ...(now.length === 0 ? [element("div", { class: "empty" }, t().none)] : now.map(shown)),
    ...(over.length === 0 ? [] : [foldable(t().ended(over.length), ...over.map(shown))]),
  );
}

function entry(one: GrantedUnder, by: KnownMandate, context: Context): HTMLElement {
  const { id, consent, standing } = one;
  const status = standing === "unknown" ? "proposed" : standing;
  return element(
    "article",
    { class: "card", "data-status": standing },
    element(
      "header",
      {},
      element("h3", {}, name(consent.terms.recipientName)),
      badge(consents().status[status], standing === "active" ? "good" : "info"),
    ),
    wordList(consentLines(consent)),
    exactTerms(consent, id),
    ...(standing === "active" ? [revoking(one, by, context)] : [quiet(consents().status[status])]),
  );
}

function revoking({ id }: GrantedUnder, by: KnownMandate, { session, refresh }: Context): HTMLElement {
  const revoke = button(t().revoke, "plain", () =>
    attempt(async () => {
      const body = [element("p", {}, t().revokeMeans)];
      if (!(await ask({ title: t().revoke, body, yes: t().revokeNow, look: "danger" }))) return;
      const { transaction } = await revokeUnder(id, by, session);
      await refresh();
      say(t().revoked, " ", consents().recorded(ends(transaction)));
    }),
  );
  return element("div", { class: "actions" }, revoke);
}

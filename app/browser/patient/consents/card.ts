/** One consent: what it says in words and exactly, where it stands, and what can be done about it. */

import type * as api from "../../core/api";
import { checkedConsent, Mismatch } from "../../core/checks";
import type { Session } from "../../core/session";
import type { ToldConsent } from "../../core/told_consents";
import { TermsInvalid } from "../../layouts/errors";
import type { Consent } from "../../layouts/terms";
import { secondsOf } from "../../layouts/times";
import { allowing } from "../../text/allowing";
import { consentLines } from "../../text/consent_words";
import { consents as t } from "../../text/consents";
import { failures } from "../../text/failures";
import { button, element } from "../../ui/dom";
import { moment, name } from "../../ui/formats";
import { goTo, note, say } from "../../ui/messages";
import { facts, notice } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { account } from "../people/account";
import { change } from "./changing";
import { isElsewhere, takingAlong } from "./elsewhere";
import { exactTerms } from "./exact";
import { wordList } from "./lines";
import { revokeQuestion } from "./revoke";
import { ends, signing } from "./sign";
import { fromConsent } from "./templates";

export const cardId = (id: string): string => `consent-${id}`;

/** `active`: all that hold now, one of which a proposal may take the place of. */
export function consentCard(
  shown: api.ShownConsent,
  active: readonly api.ShownConsent[],
  context: Context,
): HTMLElement {
  const { session } = context;
  const made = element("article", { class: "card", id: cardId(shown.id), "data-status": shown.status });
  try {
    const read = checkedConsent(shown, session.network, session.patient);
    made.append(
      element(
        "header",
        {},
        element("h3", {}, name(read.terms.recipientName)),
        element("span", { class: "badge" }, t().status[shown.status]),
      ),
      ...underMandate(shown),
      words(shown, read),
      ...(read.terms.maxUses > 0 ? [element("p", { class: "quiet" }, usesLimit(read.terms.maxUses, session))] : []),
      exactTerms(read, shown.id),
      ...(shown.transaction === null ? [] : [recorded(shown.transaction, shown.changedAt ?? null)]),
      ...(shown.status === "revoked" ? [element("p", { class: "quiet" }, t().revoked)] : []),
      ...actions(shown, read, active, context),
    );
  } catch (error) {
    note(error);
    const why = refusal(error);
    made.append(element("p", { class: "warning" }, failures()[why]));
    // Its id is the digest of its terms, whatever else fails: what holds can be taken back.
    if (why === "unreadable" && shown.status === "active") made.append(revoking(element("div", { class: "actions" }), shown, context));
  }
  return made;
}

/** By whom, if it was not the patient's own side: the mandate by the chain's word (W-111). */
function underMandate({ mandated }: api.ShownConsent & Partial<ToldConsent>): readonly HTMLElement[] {
  if (!mandated) return [];
  const { id, mandate } = mandated;
  const lead = mandate === null ? allowing().underUnknown : allowing().under(ends(mandate.representative));
  const who = mandate === null ? null : account(mandate.representative);
  return [notice("info", element("p", {}, lead), facts([allowing().account, who], [allowing().mandate, account(id)]))];
}

/** Why a consent is neither shown nor signed. */
function refusal(error: unknown): Mismatch["kind"] | "unreadable" {
  if (error instanceof TermsInvalid) return "terms-unknown";
  return error instanceof Mismatch ? error.kind : "unreadable";
}

/** The terms in this page's own words; of an ended consent folded away, so that what matters now stays in sight. */
function words(shown: api.ShownConsent, read: Consent): HTMLElement {
  const lines = wordList(consentLines(read));
  if (shown.status === "proposed" || shown.status === "active") return lines;
  return element("details", {}, element("summary", {}, t().list.said), lines);
}

/** ⌊n·maxUses/t⌋: every keeper counts for itself, and a release needs a threshold of them. */
export function usesLimit(maxUses: number, { network }: Session): string {
  return t().uses(Math.floor((network.keepers.length * maxUses) / network.threshold));
}

function recorded(transaction: string, at: string | null): HTMLElement {
  return element(
    "p",
    { class: "quiet" },
    t().recorded(""),
    element("code", { class: "hash" }, transaction),
    ...(at === null ? [] : [" · ", element("time", { datetime: at }, moment(at))]),
  );
}

function actions(
  shown: api.ShownConsent & Partial<ToldConsent>,
  read: Consent,
  active: readonly api.ShownConsent[],
  context: Context,
): HTMLElement[] {
  // This device's clock may be wrong: the contract goes by the chain's (W-122).
  const over = secondsOf(read.relayBefore) <= (shown.seenAt ?? Date.now() / 1000);
  if (shown.status === "proposed") {
    return signing(shown, read, over ? "over" : "open", active, context);
  }
  if (shown.status !== "active") return [];
  const made = element("div", { class: "actions" });
  const from = fromConsent(read);
  if (from !== null) {
    made.append(
      button(t().change, "plain", async () => {
        change(shown.id, from, context.session);
        context.show("consents", "again");
      }),
    );
  }
  revoking(made, shown, context);
  const told = from === null ? [element("p", { class: "quiet" }, t().changeNot)] : [];
  return [...(isElsewhere(read, context.network) ? [takingAlong(shown, read)] : []), ...told, made];
}

/** Adds to the actions. */
function revoking(made: HTMLElement, shown: api.ShownConsent, context: Context): HTMLElement {
  made.append(
    button(t().revoke, "plain", async () => {
      say();
      const question = revokeQuestion(made, shown, context);
      made.hidden = true;
      made.after(question);
      goTo(question);
    }),
  );
  return made;
}

/** What would be signed of an own consent: whole, in words and exactly, before a wallet is asked or a gateway hears of it (W-90). */

import { draftOwn, giveOwn, ownId, type Draft } from "../../core/own_consents";
import type { Session } from "../../core/session";
import { signingClock } from "../../core/signing_clock";
import { toldConsents, type ToldConsent } from "../../core/told_consents";
import type { Hex } from "../../layouts/bytes";
import type { Consent } from "../../layouts/terms";
import { secondsOf } from "../../layouts/times";
import { consentLines } from "../../text/consent_words";
import { consents as t } from "../../text/consents";
import { drafts, type Template } from "../../text/drafts";
import { whenBegunEnds } from "../../ui/begun";
import { button, element } from "../../ui/dom";
import { name } from "../../ui/formats";
import { attempt, goTo, say } from "../../ui/messages";
import { notice } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { cardId, usesLimit } from "./card";
import { exactTerms } from "./exact";
import { wordList } from "./lines";
import { ends, place, tellRecipient } from "./sign";
import type { Choice } from "./templates";

/** In memory alone, of one form at a time. `made` is null while the form is open. */
interface Kept {
  readonly whose: string;
  readonly template: Template;
  readonly choice: Choice;
  readonly made: Consent | null;
  readonly active: readonly ToldConsent[];
}

let kept: Kept | null = null;
whenBegunEnds(forgetDraft);

/** Who signs in again goes on; another account, or the same one for somebody else, finds nothing. */
const whose = ({ account, patient }: Session): string => `${account} ${patient}`;

/** What was chosen in this form, if it was left for what would be signed, for another language, or by a sign-in that ended (W-120). */
export const keptDraft = (template: Template, session: Session): Kept | null =>
  kept?.template === template && kept.whose === whose(session) ? kept : null;

/** What stands in a form that is left; where it became what would be signed, that stays. */
export function keepChoice(template: Template, choice: Choice, session: Session): void {
  if ((keptDraft(template, session)?.made ?? null) === null) kept = { whose: whose(session), template, choice, made: null, active: [] };
}

export function forgetDraft(): void {
  kept = null;
}

/** Makes it, and shows it in the place of the form. */
export async function showDraft(template: Template, choice: Choice, draft: Draft, context: Context): Promise<void> {
  const { session, refresh, signedOut } = context;
  const [made, told] = await Promise.all([draftOwn(draft, session), toldConsents(session)]);
  signedOut.throwIfAborted();
  const active = told.filter(({ status, by }) => status === "active" && by !== "unchecked");
  kept = { whose: whose(session), template, choice, made, active };
  await refresh(cardId(ownId(made, session.network)));
}

export function preview(made: Consent, { template, choice, active }: Kept, context: Context): HTMLElement {
  const { session, network, refresh } = context;
  const instead = place(made, active, session);
  const problems = element("div", { role: "alert" });
  const change = button(t().changeDraft, "plain", async () => {
    kept = { whose: whose(session), template, choice, made: null, active };
    await refresh();
  });
  const sign = button(t().sign, "primary", () =>
    attempt(async () => {
      const late = secondsOf(made.relayBefore) <= (await signingClock(network)).now();
      problems.replaceChildren(...(late ? [notice("warning", element("p", {}, t().draftOver))] : []));
      if (late) return goTo(problems);
      await signed(made, (instead?.field.value || null) as Hex | null, context);
    }),
  );
  const id = ownId(made, network);
  return element(
    "article",
    { class: "card", id: cardId(id), "data-status": "proposed" },
    element("header", {}, element("h3", {}, name(made.terms.recipientName)), element("span", { class: "badge" }, t().status.proposed)),
    wordList(consentLines(made)),
    ...(made.terms.maxUses > 0 ? [element("p", { class: "quiet" }, usesLimit(made.terms.maxUses, session))] : []),
    exactTerms(made, id),
    element("p", {}, drafts().made),
    ...(instead === null ? [] : [instead.element]),
    problems,
    element("div", { class: "actions" }, sign, change, element("p", { class: "quiet" }, t().signHint)),
  );
}

async function signed(made: Consent, replaced: Hex | null, context: Context): Promise<void> {
  const { session, network, show } = context;
  const { id, transaction } = await giveOwn(made, replaced, session);
  forgetDraft();
  const told = await tellRecipient(id, made, network);
  const recorded = transaction === null ? [] : [" ", t().recorded(ends(transaction))];
  given.set(session, [replaced === null ? t().granted : t().replaced, ...recorded, ...told]);
  show("consents", undefined, cardId(id));
}

const given = new WeakMap<Session, readonly string[]>();

/** Says on the list what has just happened on the form: moving there says nothing by itself. */
export function sayGiven(session: Session): void {
  const words = given.get(session);
  given.delete(session);
  if (words !== undefined) say(...words);
}

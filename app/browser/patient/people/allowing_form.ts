/** The form of a consent for somebody else: what the mandate allows can be chosen, nothing beyond it. Shown whole before it is signed. */

import { allowedPurposes, draftUnder, giveUnder, handOnUnder, holds, provisionsInside, type DraftUnder } from "../../core/behalf";
import { didOf } from "../../core/letters";
import type { KnownMandate } from "../../core/mandates";
import { members, ownId } from "../../core/own_consents";
import type { Session } from "../../core/session";
import { signingClock } from "../../core/signing_clock";
import type { Hex } from "../../layouts/bytes";
import type { Consent } from "../../layouts/terms";
import { secondsOf } from "../../layouts/times";
import { ROLES } from "../../layouts/words";
import { allowing as t } from "../../text/allowing";
import { categoryWords, purposeWords, rolesWords } from "../../text/codes";
import { consentLines } from "../../text/consent_words";
import { consents } from "../../text/consents";
import { drafts } from "../../text/drafts";
import { elsewhere } from "../../text/elsewhere";
import { button, element } from "../../ui/dom";
import { moment, name } from "../../ui/formats";
import { attempt, goTo, note, say } from "../../ui/messages";
import { card, facts, foldable, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { isElsewhere } from "../consents/elsewhere";
import { exactTerms } from "../consents/exact";
import { choices, dayField, selectField } from "../consents/fields";
import { wordList } from "../consents/lines";
import { ends } from "../consents/sign";
import { DAY_CHARACTERS, dayAfter } from "../consents/templates";
import { account } from "./account";
import { categoriesOf } from "./behalf";
import { labelled, Problems } from "./form";

const MONTH_DAYS = 30;

export async function allowingForm(by: KnownMandate, context: Context): Promise<HTMLElement> {
  const { session, once } = context;
  const { mandate } = by;
  const listed = (await once("members", members)).filter(({ status }) => status === "active");
  const who = selectField([["", t().choose], ...listed.map((one) => [one.address, one.name] as const)], "");
  const purposes = choices(t().purposes, allowedPurposes(mandate).map((one) => [one, purposeWords(one)]), []);
  const categories = choices(t().categories, categoriesOf(mandate).map((one) => [one, categoryWords(one)]), []);
  const roles = choices(t().roles, [...ROLES.map((one) => [one, rolesWords(one)] as const), ["any", drafts().anyRole]], [], {
    hint: drafts().rolesHint,
  });
  const last = mandate.validUntil.slice(0, DAY_CHARACTERS);
  const until = dayField(last < dayAfter(MONTH_DAYS) ? last : dayAfter(MONTH_DAYS), dayAfter(1));
  const problems = new Problems();
  const place = element("div", {});

  const chosen = async (): Promise<DraftUnder | null> => {
    const recipient = listed.find(({ address }) => address === who.value);
    const ticked = roles.chosen();
    const ending = Math.floor(new Date(`${until.value}T00:00:00`).getTime() / 1000);
    const future = ending > (await signingClock(session.network)).now() && until.value <= last;
    const words = t().missing;
    const [what, kinds] = [purposes.chosen(), categories.chosen()];
    const inside = provisionsInside(mandate, what, kinds).length > 0;
    const wrong = [
      ...(recipient === undefined ? [words.recipient] : []),
      ...(what.length === 0 ? [words.purposes] : []),
      ...(kinds.length === 0 ? [words.categories] : []),
      ...(what.length > 0 && kinds.length > 0 && !inside ? [words.together] : []),
      ...(ticked.length === 0 ? [words.roles] : []),
      ...(future ? [] : [words.until]),
    ];
    if (!problems.show(wrong) || recipient === undefined) return null;
    const { address, name: called } = recipient;
    const all = ticked.includes("any") ? ["any"] : ticked;
    return { recipient: { address, name: called }, roles: all, purposes: what, categories: kinds, until: ending };
  };

  const fields = element(
    "div",
    {},
    labelled(t().who, who),
    purposes.element,
    categories.element,
    roles.element,
    labelled(t().until, until, t().untilHint(moment(mandate.validUntil))),
    problems.element,
  );
  const show = button(t().show, "primary", () =>
    attempt(async () => {
      const draft = await chosen();
      if (draft === null) return;
      if (!(await holds(by, session))) return void problems.show([t().over]);
      const back = (): void => {
        place.replaceChildren();
        fields.hidden = actions.hidden = false;
        goTo(fields);
      };
      const made = await draftUnder(draft, by, session);
      fields.hidden = actions.hidden = true;
      place.replaceChildren(preview(made, by, back, context));
      goTo(place);
    }),
  );
  const actions = element("div", { class: "actions" }, show);
  return card(t().add, foldable(t().add, fields, actions, place));
}

/** Exactly what the wallet will be asked to sign, and for whom; nothing is kept anywhere before it is signed. */
function preview(made: Consent, by: KnownMandate, back: () => void, context: Context): HTMLElement {
  const { session, network } = context;
  const problems = new Problems();
  const id = ownId(made, network);
  const sign = button(t().sign, "primary", () =>
    attempt(async () => {
      const late = secondsOf(made.relayBefore) <= (await signingClock(network)).now();
      if (!problems.show(late ? [t().late] : [])) return;
      // Between the form and the signature the patient may have ended it: then no wallet is asked.
      if (!problems.show((await holds(by, session)) ? [] : [t().over])) return;
      await signed(made, by, context);
    }),
  );
  return element(
    "article",
    { class: "card", "data-status": "proposed" },
    element("header", {}, element("h3", {}, name(made.terms.recipientName))),
    facts([t().behalf, account(didOf(made.patient, network.chainId))], [t().mandate, account(by.id)]),
    wordList(consentLines(made)),
    exactTerms(made, id),
    quiet(t().made),
    problems.element,
    element("div", { class: "actions" }, sign, button(consents().changeDraft, "plain", async () => back())),
  );
}

async function signed(made: Consent, by: KnownMandate, { session, network, refresh }: Context): Promise<void> {
  const { id, transaction } = await giveUnder(made, by, session);
  const recorded = transaction === null ? [] : [" ", consents().recorded(ends(transaction))];
  allowed.set(session, [t().granted, ...recorded, ...(await told(id, made, network))]);
  await refresh();
}

/** A consent to another member holds whether that member knows the terms already or not: both are said. */
async function told(id: Hex, made: Consent, network: Context["network"]): Promise<readonly string[]> {
  if (!isElsewhere(made, network)) return [];
  try {
    await handOnUnder(id);
    return [" ", elsewhere().told(made.terms.recipientName)];
  } catch (error) {
    note(error);
    return [" ", elsewhere().notTold(made.terms.recipientName)];
  }
}

const allowed = new WeakMap<Session, readonly string[]>();

/** Says on the page that is drawn anew what has just happened. */
export function sayAllowed(session: Session): void {
  const words = allowed.get(session);
  allowed.delete(session);
  if (words !== undefined) say(...words);
}

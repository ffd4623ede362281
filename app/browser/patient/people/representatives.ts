/** Representatives: who acts for the patient, until when; named and ended by the patient's own wallet. */

import { endRepresentative, nameRepresentative, type Identity, type Representative } from "../../core/identity";
import { people } from "../../text/people";
import { ask } from "../../ui/dialog";
import { button, element } from "../../ui/dom";
import { moment, name as shownName } from "../../ui/formats";
import { attempt, say } from "../../ui/messages";
import { card, foldable, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { dayField } from "../consents/fields";
import { dayAfter } from "../consents/templates";
import { account, accountField, readAccount } from "./account";
import { Draft } from "./draft";
import { labelled, Problems } from "./form";
import type { Controls } from "./pending";

const YEAR_DAYS = 365;
const NAME_CHARACTERS = "80";

const begun = new Draft<{ readonly who: string; readonly called: string; readonly until: string }>();

export function representativesCard(state: Identity, controls: Controls, context: Context): HTMLElement {
  const words = people().representatives;
  return card(
    words.title,
    element("p", {}, words.lead),
    element("ul", {}, ...words.means.map((line) => element("li", {}, line))),
    ...(state.representatives.length === 0 ? [element("div", { class: "empty" }, words.none)] : []),
    ...state.representatives.map((one) => shown(one, controls, context)),
    ...(controls === "yes" ? [form(words.add, context)] : [quiet(words.onlyController)]),
  );
}

function shown(one: Representative, controls: Controls, context: Context): HTMLElement {
  const words = people().representatives;
  const end = button(words.stop, "plain", () =>
    attempt(async () => {
      const question = { title: words.stop, body: [element("p", {}, words.stopMeans)], yes: words.stopNow };
      if (!(await ask({ ...question, look: "danger" }))) return;
      await endRepresentative(one.account, context.session);
      await context.refresh();
      say(words.ended);
    }),
  );
  return element(
    "article",
    { class: "card" },
    element("header", {}, element("h3", {}, one.name === "" ? words.unnamed : shownName(one.name))),
    account(one.account),
    quiet(words.until(moment(one.until))),
    ...(controls === "yes" ? [element("div", { class: "actions" }, end)] : []),
  );
}

function form(title: string, context: Context): HTMLElement {
  const { session, network, refresh } = context;
  const words = people().representatives;
  const missing = people().missing;
  const who = accountField();
  const called = element("input", { type: "text", maxlength: NAME_CHARACTERS, autocomplete: "off", dir: "auto" });
  const until = dayField(dayAfter(YEAR_DAYS), dayAfter(1));
  const empty = (): boolean => who.value.trim() === "" && called.value.trim() === "";
  const before = begun.resume(context, () => (empty() ? null : { who: who.value, called: called.value, until: until.value }));
  if (before !== null) [who.value, called.value, until.value] = [before.who, before.called, before.until];
  const problems = new Problems();
  const sign = button(words.sign, "primary", () =>
    attempt(async () => {
      const delegate = readAccount(who, network);
      const wrong = [
        ...(delegate === null ? [missing.account] : []),
        ...(delegate === session.patient ? [missing.self] : []),
        ...(until.value <= dayAfter(0) ? [missing.until] : []),
      ];
      if (!problems.show(wrong) || delegate === null) return;
      // The day begins where the patient is.
      await nameRepresentative(delegate, called.value.trim(), new Date(`${until.value}T00:00:00`), session);
      who.value = called.value = "";
      await refresh();
      say(words.named);
    }),
  );
  const made = foldable(
    title,
    labelled(words.account, who, words.accountHint),
    labelled(words.name, called, words.nameHint),
    labelled(words.end, until),
    problems.element,
    element("div", { class: "actions" }, sign),
  );
  made.open = before !== null;
  return made;
}

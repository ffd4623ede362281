/** The form for a mandate: who, which parts, how confidential, until when. What would be signed is shown before a wallet is asked. */

import { draftMandate, giveMandate, idOf, type MandateDraft } from "../../core/mandates";
import { signingClock } from "../../core/signing_clock";
import type { Mandate } from "../../layouts/mandates";
import { secondsOf } from "../../layouts/times";
import { PURPOSES } from "../../layouts/words";
import { categoryWords, purposeWords } from "../../text/codes";
import { drafts } from "../../text/drafts";
import { mandates as t } from "../../text/mandates";
import { people } from "../../text/people";
import { mandateLines } from "../../text/mandate_words";
import { button, element } from "../../ui/dom";
import { attempt, goTo, say } from "../../ui/messages";
import { foldable, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { exactMandate } from "../consents/exact";
import { choices, dayField, selectField } from "../consents/fields";
import { wordList } from "../consents/lines";
import { dayAfter, ORDINARY, SENSITIVE } from "../consents/templates";
import { accountField, readAccount } from "./account";
import { labelled, Problems } from "./form";

const HALF_A_YEAR_DAYS = 182;
const NAME_CHARACTERS = "80";
/** By which a representative reads in person (K-16). */
const READING = "FAMRQT";
/** For which institutions read. */
const OTHERS = PURPOSES.filter((one) => one !== READING && one !== "PATRQT");

export function mandateForm(context: Context): HTMLElement[] {
  const { session, network } = context;
  const [words, beside] = [t().given, people().representatives];
  const who = accountField();
  const called = element("input", { type: "text", maxlength: NAME_CHARACTERS, autocomplete: "off", dir: "auto" });
  const ordinary = choices(words.what, ORDINARY.map((one) => [one, categoryWords(one)]), [], { hint: words.whatHint });
  const sensitive = choices(drafts().sensitive, SENSITIVE.map((one) => [one, categoryWords(one)]), [], {
    hint: drafts().sensitiveHint,
  });
  const allows = choices(words.allows, OTHERS.map((one) => [one, purposeWords(one)]), [], { hint: words.allowsHint });
  const grade = selectField(Object.entries(drafts().grades), "N");
  const until = dayField(dayAfter(HALF_A_YEAR_DAYS), dayAfter(1));
  const problems = new Problems();
  const place = element("div", {});

  const chosen = async (): Promise<MandateDraft | null> => {
    const representative = readAccount(who, network);
    const categories = [...ordinary.chosen(), ...sensitive.chosen()];
    // The day begins where the patient is; it must be to come by the chain's clock as well.
    const ends = Math.floor(new Date(`${until.value}T00:00:00`).getTime() / 1000);
    const future = until.value > dayAfter(0) && ends > (await signingClock(network)).now();
    const wrong = [
      ...(representative === null ? [people().missing.account] : []),
      ...(representative === session.patient ? [people().missing.self] : []),
      ...(categories.length === 0 ? [words.missing] : []),
      ...(future ? [] : [people().missing.until]),
    ];
    if (!problems.show(wrong) || representative === null) return null;
    const open = { dataFrom: "any", dataUntil: "any", authors: ["any"], records: ["any"] };
    const provision = { purposes: [READING, ...allows.chosen()], categories, confidentiality: grade.value, ...open };
    return { representative, provisions: [provision], until: ends };
  };

  const fields = element(
    "div",
    {},
    labelled(beside.account, who, beside.accountHint),
    labelled(beside.name, called, beside.nameHint),
    ordinary.element,
    sensitive.element,
    foldable(words.allows, allows.element),
    labelled(drafts().grade, grade),
    labelled(beside.end, until),
    problems.element,
  );
  const show = button(words.show, "primary", () =>
    attempt(async () => {
      const draft = await chosen();
      if (draft === null) return;
      const back = (): void => {
        place.replaceChildren();
        fields.hidden = actions.hidden = false;
        goTo(fields);
      };
      fields.hidden = actions.hidden = true;
      place.replaceChildren(preview(await draftMandate(draft, session), called.value.trim(), back, context));
      goTo(place);
    }),
  );
  const actions = element("div", { class: "actions" }, show);
  return [fields, actions, place];
}

/** Exactly what the wallet will be asked to sign, and nothing kept anywhere before it is signed. */
function preview(mandate: Mandate, name: string, back: () => void, context: Context): HTMLElement {
  const { session, network, refresh } = context;
  const words = t().given;
  const problems = new Problems();
  const sign = button(words.sign, "primary", () =>
    attempt(async () => {
      const late = secondsOf(mandate.relayBefore) <= (await signingClock(network)).now();
      if (!problems.show(late ? [words.late] : [])) return;
      await giveMandate(mandate, name, session);
      await refresh();
      say(words.named);
    }),
  );
  return element(
    "article",
    { class: "card", "data-status": "proposed" },
    wordList(mandateLines(mandate, "reads", "proposed")),
    exactMandate(mandate, idOf(mandate, network)),
    quiet(words.read),
    problems.element,
    element("div", { class: "actions" }, sign, button(words.change, "plain", async () => back())),
  );
}

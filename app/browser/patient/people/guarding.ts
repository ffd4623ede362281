/** For guardians: with the letter that the patient gave them they agree to a recovery, each with an own wallet. */

import { agree, lookAt, type Guarded } from "../../core/identity";
import { readLetter, type Letter } from "../../core/letters";
import type { Hex } from "../../layouts/bytes";
import { LayoutInvalid } from "../../layouts/errors";
import { guardians } from "../../text/guardians";
import { people } from "../../text/people";
import { button, element } from "../../ui/dom";
import { moment } from "../../ui/formats";
import { attempt, goTo, say } from "../../ui/messages";
import { card, facts, foldable, notice } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { choices } from "../consents/fields";
import { account, accountField, readAccount } from "./account";
import { labelled, Problems } from "./form";

export function guardingCard(context: Context): HTMLElement {
  const words = guardians().guarding;
  const file = element("input", { type: "file", accept: "application/json,.json" });
  const problems = new Problems();
  const place = element("div", {});
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    if (chosen === undefined) return;
    void attempt(async () => {
      place.replaceChildren();
      try {
        const letter = readLetter(await chosen.text(), context.network);
        if (!problems.show(letter.set.guardians.includes(context.session.account) ? [] : [words.notYou])) return;
        await draw(place, letter, await lookAt(letter), context);
      } catch (error) {
        if (!(error instanceof LayoutInvalid)) throw error;
        problems.show([words.bad]);
      }
    });
  });
  return card(words.title, element("p", {}, words.lead), labelled(words.letter, file), problems.element, place);
}

async function draw(place: HTMLElement, letter: Letter, seen: Guarded, context: Context): Promise<void> {
  const words = guardians().guarding;
  const { recovery, threshold, waiting } = seen;
  const look = button(words.look, "plain", () =>
    attempt(async () => draw(place, letter, await lookAt(letter), context)),
  );
  const started = recovery.newOwner !== null && recovery.executableAt !== null;
  const asking = agreeing(place, letter, waiting.map(({ newOwner }) => newOwner), context);
  place.replaceChildren(
    facts([words.whose, account(letter.did)]),
    ...(started
      ? [notice("good", element("p", {}, words.started(moment(recovery.executableAt as string))), account(recovery.newOwner as Hex))]
      : []),
    ...waiting.map(({ newOwner, agreed }) =>
      notice("info", element("p", {}, words.agreed(agreed.length, threshold)), account(newOwner)),
    ),
    // Another recovery can take the place of one that is under way: rarely wanted, never in the way.
    ...(started ? [foldable(words.agree, ...asking)] : asking),
    element("div", { class: "actions" }, look),
  );
  goTo(place);
}

/**
 * `others`: what other guardians have agreed to. It is not filled in: whoever can have one guardian agree to a false account
 * would have them all. A guardian who was told another one hears so, once.
 */
function agreeing(place: HTMLElement, letter: Letter, others: readonly Hex[], context: Context): HTMLElement[] {
  const { session, network } = context;
  const words = guardians().guarding;
  const field = accountField();
  let warned: Hex | null = null;
  const sure = words.means.map((line, at) => [String(at), line] as const);
  const said = choices(words.agree, sure, []);
  const problems = new Problems();
  const sign = button(words.agree, "primary", () =>
    attempt(async () => {
      const newOwner = readAccount(field, network);
      const wrong = [
        ...(newOwner === null ? [people().missing.account] : []),
        ...(newOwner === letter.identity ? [people().missing.self] : []),
        ...(said.chosen().length < sure.length ? words.means : []),
      ];
      if (!problems.show(wrong) || newOwner === null) return;
      if (others.length > 0 && !others.includes(newOwner) && warned !== newOwner) {
        warned = newOwner;
        return void problems.show([words.unlike]);
      }
      const seen = await agree(letter, newOwner, session);
      await draw(place, letter, seen, context);
      say(seen.started === null ? words.waits : words.started(moment(seen.recovery.executableAt ?? "")));
    }),
  );
  return [
    labelled(words.account, field, words.accountHint),
    said.element,
    problems.element,
    element("div", { class: "actions" }, sign),
  ];
}

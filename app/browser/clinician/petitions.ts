/** What patients ask about this hospital's records: read, and answered once. */

import { Problem } from "../core/api";
import * as clinic from "../core/clinic";
import { ANSWERING, answerPetition, waitingPetitions, type WaitingPetition } from "../core/clinic_petitions";
import { retention } from "../core/petitions";
import { categoryWords, rolesWords } from "../text/codes";
import { clinicPetitions as t } from "../text/clinic_petitions";
import { ask } from "../ui/dialog";
import { button, element, type Child } from "../ui/dom";
import { day, list, short, time } from "../ui/formats";
import { attempt, say } from "../ui/messages";
import { paged } from "../ui/paged";
import { badge, card, empty, facts, foldable, notice, quiet } from "../ui/parts";
import type { Context } from "../ui/view";
import { choose } from "./chosen";
import { choice, form, textArea } from "./forms";
import { colleagues } from "./people";
import { forgetReading } from "./reading";

const AT_ONCE = 10;

export async function render(context: Context): Promise<HTMLElement> {
  const me = (await colleagues(context)).find(({ account }) => account === context.session.account);
  // Others are not asked for: a refusal would be noted each time, and one whose licence has ended looks the same.
  if (me !== undefined && !ANSWERING.includes(me.role)) return notice("info", element("p", {}, t().notYou), element("p", {}, t().whoDoes(list(ANSWERING.map(rolesWords)))));
  const [waiting, law] = await Promise.all([waitingPetitions(), retention()]);
  const lawNamed = law.jurisdiction !== null && law.rules.length > 0;
  const shown =
    waiting.petitions.length === 0
      ? empty(element("p", {}, t().none))
      : paged(t().label, waiting.petitions, (one) => petition(one, lawNamed, context), AT_ONCE);
  return card(t().list, element("p", {}, t().how), waiting.more ? quiet(t().most(waiting.petitions.length)) : null, shown);
}

function petition(one: WaitingPetition, lawNamed: boolean, context: Context): HTMLElement {
  const kind = one.category !== null ? categoryWords(one.category) : one.standing === null ? t().gone : t().strict;
  return element(
    "article",
    { class: "petition", "data-id": one.id, "data-asks": one.asks },
    element("p", {}, badge(t().asks[one.asks], one.asks === "erase" ? "warning" : "info")),
    facts(
      [t().patient, patient(one, context)],
      [t().record, element("span", {}, kind, element("br"), element("code", { class: "hash" }, one.record))],
      [t().askedOn, time(one.askedAt, day)],
      [t().words, element("blockquote", {}, element("bdi", {}, one.words))],
    ),
    ...(one.asks === "correct" ? ofCorrection(one) : ofErasure(one, lawNamed)),
    answering(one, context),
  );
}

function patient({ patient: did }: WaitingPetition, context: Context): HTMLElement {
  const said = element("span", { class: "quiet", role: "status" });
  const open = button(t().open, "plain", () =>
    attempt(async () => {
      try {
        const linked = await clinic.find({ did });
        if (context.left.aborted) return; // found for a page that was left: somebody else may be chosen by now
        await choose(context, linked);
        forgetReading(context);
        context.show("patient");
      } catch (error) {
        if (!(error instanceof Problem && error.code === "patient-not-linked")) throw error;
        said.textContent = t().notLinked;
      }
    }),
  );
  return element("span", { class: "pair" }, short(did), " ", open, " ", said);
}

function ofCorrection({ standing, carriedOut }: WaitingPetition): readonly HTMLElement[] {
  if (standing === "current") return [notice("info", element("p", {}, t().current), element("p", {}, t().replace))];
  if (standing === null) return []; // the facts say that the book no longer holds it
  if (!carriedOut) return [notice("info", element("p", {}, t().underWay))];
  return [notice("good", element("p", {}, standing === "retracted" ? t().retracted : t().replaced))];
}

function ofErasure(one: WaitingPetition, lawNamed: boolean): readonly HTMLElement[] {
  if (one.erased) return [notice("good", element("p", {}, t().erased))];
  if (!lawNamed) return [notice("warning", element("p", {}, t().noLaw))];
  if (one.law !== null) return [notice("warning", element("p", {}, t().kept(day(one.law.until), one.law.source)))];
  const command = element("pre", { lang: "en" }, `consentry erase ${one.record} --config FILE --copy-key FILE`);
  return [notice("info", element("p", {}, t().free), element("p", {}, t().erase)), foldable(t().command, command)];
}

function answering(one: WaitingPetition, context: Context): HTMLElement {
  const done = one.carriedOut;
  const words = t().answers[one.asks];
  const options = (done ? (["done", "declined"] as const) : (["declined"] as const)).map((state) => [state, words[state]] as const);
  const answer = choice(t().answer, t().choose, options, done ? null : t().notYet[one.asks]);
  const reason = textArea(t().reason, t().reasonHow);
  const send = button(t().send, "primary", () =>
    attempt(async () => {
      const [state, told] = [answer.control.value as "" | "done" | "declined", reason.control.value.trim()];
      reason.complain(told === "" ? t().noReason : null);
      answer.complain(state === "" ? t().noAnswer : null);
      if (state === "" || told === "" || !(await sure(words[state], told))) return;
      await answerPetition(one.id, state, told);
      await context.refresh("page-title");
      say(t().sent);
    }),
  );
  return foldable(t().toAnswer, form(send, answer.element, reason.element));
}

const sure = (state: string, told: string): Promise<boolean> => {
  const body: readonly Child[] = [element("p", {}, t().sureHow), element("p", { class: "thing" }, state), element("blockquote", {}, element("bdi", {}, told))];
  return ask({ title: t().sure, body, yes: t().send });
};

/** Asking a patient for a consent. Nothing is chosen beforehand: neither what for, nor what, nor for how long. */

import * as clinic from "../core/clinic";
import { signingClock } from "../core/signing_clock";
import { isoOf } from "../layouts/times";
import { PURPOSES, ROLES } from "../layouts/words";
import { asking as t } from "../text/clinic_asking";
import { readersPurpose } from "../text/clinic_purposes";
import { categoryWords, rolesWords } from "../text/codes";
import { button, element } from "../ui/dom";
import { attempt, say } from "../ui/messages";
import { card } from "../ui/parts";
import type { Context } from "../ui/view";
import { boxes, choice, form } from "./forms";

const DAY_SECONDS = 86_400;
/** The patient's side reads for itself; an emergency has an opening of its own; systems read for people. */
const NOT_ASKED_FOR: readonly string[] = ["PATRQT", "FAMRQT", "ETREAT"];
const OWN_GROUNDS: readonly string[] = ["emergency", "consent"];
const DAYS = ["1", "7", "30", "90", "365"] as const;
const SENSITIVITIES = ["N", "R", "V"] as const;

export const purposesAsked = (): readonly (readonly [string, string])[] =>
  PURPOSES.filter((one) => !NOT_ASKED_FOR.includes(one)).map((one) => [one, readersPurpose(one)] as const);

export function askCard({ ref }: clinic.Linked, context: Context): HTMLElement {
  const purpose = choice(t().purpose, t().choose, purposesAsked());
  const categories = boxes(
    t().categories,
    context.network.categories.filter((one) => !OWN_GROUNDS.includes(one)).map((one) => [one, categoryWords(one)] as const),
    t().categoriesHint,
  );
  const roles = boxes(
    t().who,
    ROLES.filter((one) => one !== "system").map((one) => [one, rolesWords(one)] as const),
    t().whoHint,
  );
  const sensitivity = choice(t().sensitivity, t().choose, SENSITIVITIES.map((one) => [one, t().sensitivities[one]] as const));
  const period = choice(t().period, t().choose, DAYS.map((one) => [one, t().days[one]] as const));
  const missing = (): boolean => {
    const faults = [
      [purpose, purpose.control.value === "", t().missing.purpose],
      [categories, categories.chosen().length === 0, t().missing.categories],
      [roles, roles.chosen().length === 0, t().missing.roles],
      [sensitivity, sensitivity.control.value === "", t().missing.sensitivity],
      [period, period.control.value === "", t().missing.period],
    ] as const;
    // Backwards: the keyboard ends at the first one.
    for (const [field, wrong, words] of [...faults].reverse()) field.complain(wrong ? words : null);
    return faults.some(([, wrong]) => wrong);
  };
  const send = button(t().send, "primary", () =>
    attempt(async () => {
      if (missing()) return;
      const now = (await signingClock(context.network)).now();
      const terms = {
        roles: roles.chosen(),
        provisions: [
          {
            purposes: [purpose.control.value],
            categories: categories.chosen(),
            confidentiality: sensitivity.control.value,
            dataFrom: "any",
            dataUntil: "any",
            authors: ["any"],
            records: ["any"],
          },
        ],
        maxUses: 0,
      };
      const ends = now + Number(period.control.value) * DAY_SECONDS;
      await clinic.propose(ref, terms, isoOf(now - CLOCK_SECONDS), isoOf(ends));
      await context.refresh();
      say(t().sent);
    }),
  );
  return card(
    t().title,
    element("p", {}, t().intro),
    form(send, purpose.element, categories.element, roles.element, sensitivity.element, period.element),
  );
}

/** A chain's clock may be behind this one: what begins now begins a minute ago. */
const CLOCK_SECONDS = 60;

/** The form in which a patient puts a consent together. What would be signed is shown afterwards, in words. */

import { members, type Member } from "../../core/own_consents";
import { signingClock } from "../../core/signing_clock";
import { isoOf } from "../../layouts/times";
import { CATEGORIES, PURPOSES, ROLES } from "../../layouts/words";
import { categoryWords, purposeWords, rolesWords } from "../../text/codes";
import { drafts as t, type Template } from "../../text/drafts";
import { isolated } from "../../text/isolated";
import { button, element } from "../../ui/dom";
import { list, moment } from "../../ui/formats";
import { attempt, goTo } from "../../ui/messages";
import { card, foldable, freshId, link, notice, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { choices, dayField, numberField, selectField, type Choices, type Option } from "./fields";
import { keepChoice, keptDraft, preview, showDraft } from "./preview";
import {
  DAY_CHARACTERS, dataFromOf, dayAfter, fits, hasMore, ORDINARY, SENSITIVE, termsOf, windowOf, type Choice,
} from "./templates";

/** The authors of the consent that is changed, as they are: no name of a member is empty. */
const AS_BEFORE = "";
const MOST_USES = 1000;

/** The form, or what would be signed of what was chosen in it. */
export async function consentForm(template: Template, begun: Choice, context: Context): Promise<HTMLElement> {
  const { session, network, once } = context;
  const draft = keptDraft(template, session);
  const from = draft?.choice ?? begun;
  const listed = (await once("members", members)).filter(({ status }) => status === "active");
  const { title, lead } = t().templates[template];
  const back = link(t().back, "#/consents");
  if (listed.length === 0) return card(title, notice("warning", element("p", {}, t().nobody)), back);
  // A list that does not hold this one would begin with somebody else.
  if (template === "again" && !listed.some(({ address }) => address === from.recipient)) {
    return card(title, notice("warning", element("p", {}, t().gone)), back);
  }
  if (draft !== null && draft.made !== null) return card(title, preview(draft.made, draft, context), back);
  // The hospital that serves the page is chosen only where it is one that the template is meant for.
  const unfit = draft === null && listed.some(({ address, kind }) => address === begun.recipient && !fits(template, kind));
  const fields = new Fields(template, unfit ? { ...begun, recipient: "" } : from, listed);
  context.left.addEventListener("abort", () => keepChoice(template, fields.begun(), session), { once: true });
  const problems = element("div", { role: "alert" });
  let compared = false;
  const make = button(t().make, "primary", () =>
    attempt(async () => {
      const missing = fields.missing();
      problems.replaceChildren(
        ...(missing.length === 0
          ? []
          : [notice("warning", element("ul", {}, ...missing.map((one) => element("li", {}, one))))]),
      );
      if (missing.length > 0) return goTo(problems);
      const chosen = fields.chosen();
      const { address, name } = fields.recipient();
      const clock = await signingClock(network);
      const window = windowOf(chosen, clock.now());
      // The days to choose from are this device's: the patient compares them with the chain's first.
      if (clock.deviceWrong && (!compared || window.validUntil <= isoOf(clock.now()))) {
        compared = true;
        problems.replaceChildren(notice("warning", element("p", {}, t().clock(moment(isoOf(clock.now()))))));
        return goTo(problems);
      }
      const draft = { recipient: { address, name }, terms: termsOf(chosen), ...window };
      await showDraft(template, chosen, draft, context);
    }),
  );
  return card(title, element("p", {}, lead), ...fields.parts(), problems, element("div", { class: "actions" }, make, back));
}

class Fields {
  private readonly nobodyFits: boolean;
  private readonly who: HTMLSelectElement;
  private readonly roles: Choices;
  private readonly purposes: Choices;
  private readonly ordinary: Choices;
  private readonly sensitive: Choices;
  private readonly until: HTMLInputElement;
  private readonly grade: HTMLSelectElement;
  private readonly dataFrom: HTMLInputElement;
  private readonly authors: HTMLSelectElement;
  private readonly uses: HTMLInputElement;

  constructor(
    template: Template,
    private readonly from: Choice,
    private readonly listed: readonly Member[],
  ) {
    const meant = listed.filter(({ kind }) => fits(template, kind));
    this.nobodyFits = meant.length === 0;
    this.who = recipientField(meant, listed.filter((one) => !meant.includes(one)), from.recipient);
    const people = ROLES.map((one) => [one, rolesWords(one)] as const);
    this.roles = choices(t().roles, [...people, ["any", t().anyRole]], from.roles, {
      hint: t().rolesHint,
      others: t().others,
    });
    const asked = PURPOSES.filter((one) => (one !== "PATRQT" && one !== "FAMRQT") || from.purposes.includes(one));
    this.purposes = choices(t().purposes, asked.map((one) => [one, purposeWords(one)]), from.purposes, {
      others: t().others,
    });
    const ticked = from.categories.includes("any") ? CATEGORIES : from.categories;
    const rare = ticked.filter((one) => !ORDINARY.includes(one) && !SENSITIVE.includes(one));
    this.ordinary = choices(t().categories, [...ORDINARY, ...rare].map((one) => [one, categoryWords(one)]), ticked, {
      hint: t().categoriesHint,
    });
    this.sensitive = choices(t().sensitive, SENSITIVE.map((one) => [one, categoryWords(one)]), ticked, {
      hint: t().sensitiveHint,
    });
    this.until = dayField(from.until, dayAfter(1));
    this.grade = selectField(Object.entries(t().grades), from.grade);
    this.dataFrom = dayField(from.dataFrom.slice(0, DAY_CHARACTERS));
    const single: Option[] = [["any", t().anyAuthor], ...listed.map(({ name }) => [name, name] as const)];
    const [first = AS_BEFORE, ...others] = from.authors;
    const known = others.length === 0 && single.some(([value]) => value === first);
    const before: Option = [AS_BEFORE, list(from.authors.map(isolated))];
    this.authors = selectField(known ? single : [before, ...single], known ? first : AS_BEFORE);
    this.uses = numberField(from.uses, 0, Math.max(MOST_USES, from.uses));
  }

  parts(): HTMLElement[] {
    const spans = [[30, "month"], [182, "half"], [365, "year"]] as const;
    const quick = spans.map(([days, span]) =>
      button(t().spans[span], "plain", async () => {
        this.until.value = dayAfter(days);
      }),
    );
    const { dataFrom } = this.from;
    const exact = dataFrom === "" || dataFrom === dataFromOf(dataFrom.slice(0, DAY_CHARACTERS), "");
    const more = foldable(
      t().more,
      labelled(t().grade, this.grade),
      labelled(t().dataFrom, this.dataFrom, exact ? t().dataFromHint : t().dataFromExact(moment(dataFrom))),
      labelled(t().authors, this.authors),
      labelled(t().uses, this.uses, t().usesHint),
    );
    more.open = hasMore(this.from);
    return [
      labelled(t().who, this.who, t().whoHint),
      ...(this.nobodyFits ? [notice("info", element("p", {}, t().nobodyFits))] : []),
      this.purposes.element,
      this.ordinary.element,
      this.sensitive.element,
      this.roles.element,
      labelled(t().until, this.until, t().untilHint),
      element("div", { class: "actions" }, ...quick),
      more,
    ];
  }

  recipient(): Member {
    return this.listed.find(({ address }) => address === this.who.value) ?? (this.listed[0] as Member);
  }

  missing(): readonly string[] {
    const words = t().missing;
    const chosen = this.chosen();
    return [
      ...(chosen.recipient === "" ? [words.recipient] : []),
      ...(chosen.purposes.length === 0 ? [words.purposes] : []),
      ...(chosen.categories.length === 0 ? [words.categories] : []),
      ...(chosen.roles.length === 0 ? [words.roles] : []),
      ...(chosen.until <= dayAfter(0) ? [words.until] : []),
      ...(this.hasUses() ? [] : [words.uses]),
    ];
  }

  /** What stands in it so far. */
  begun(): Choice {
    return this.hasUses() ? this.chosen() : { ...this.chosen(), uses: this.from.uses };
  }

  /** Empty would be without limit. */
  private hasUses(): boolean {
    return this.uses.value !== "" && this.uses.checkValidity();
  }

  chosen(): Choice {
    const roles = this.roles.chosen();
    return {
      recipient: this.who.value,
      roles: roles.includes("any") ? ["any"] : roles, // stands alone (C-10)
      purposes: this.purposes.chosen(),
      categories: [...this.ordinary.chosen(), ...this.sensitive.chosen()],
      grade: this.grade.value,
      dataFrom: dataFromOf(this.dataFrom.value, this.from.dataFrom),
      authors: this.authors.value === AS_BEFORE ? this.from.authors : [this.authors.value],
      uses: Number(this.uses.value),
      until: this.until.value,
      validFrom: this.from.validFrom,
    };
  }
}

/** Nobody is chosen beforehand unless the template, or the consent that is changed, says who. */
function recipientField(meant: readonly Member[], others: readonly Member[], chosen: string): HTMLSelectElement {
  const option = ({ address, name }: Member): HTMLElement => element("option", { value: address }, name);
  const made = element(
    "select",
    {},
    element("option", { value: "" }, t().choose),
    ...meant.map(option),
    ...(others.length === 0 ? [] : [element("optgroup", { label: t().others }, ...others.map(option))]),
  );
  if ([...meant, ...others].some(({ address }) => address === chosen)) made.value = chosen;
  return made;
}

function labelled(words: string, field: HTMLElement, hint: string | null = null): HTMLElement {
  field.id = freshId();
  const told = freshId();
  if (hint !== null) field.setAttribute("aria-describedby", told);
  const below = hint === null ? [] : [quiet(hint)];
  for (const one of below) one.id = told;
  return element("div", {}, element("label", { for: field.id }, words), field, ...below);
}

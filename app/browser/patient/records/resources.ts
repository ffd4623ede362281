/** A record's resources in words, with the hospital's own narrative and files. */

import { fhir, typeWords } from "../../text/fhir";
import { records as t } from "../../text/records";
import { element, type Child } from "../../ui/dom";
import { note } from "../../ui/messages";
import { facts, foldable, freshId, notice, quiet } from "../../ui/parts";
import { briefly } from "../overview/brief";
import { conceptName, conceptWords, timeElement, timeOf, valueWords } from "../overview/words";
import { described, type Described, type Fact, type FactName } from "../portrait/facts";
import { isSummary, type Held } from "../portrait/held";
import { attachment } from "./attachments";
import { isMeasured, measuredCard } from "./measured";

/** What was done stands first, people and places last. */
const LAST = new Set(["Practitioner", "PractitionerRole", "Organization", "Location", "Specimen", "Medication", "Substance", "Patient"]);

export function resourceList(held: Held): readonly HTMLElement[] {
  const made = held.resources.map((one) => described(one, held));
  const [said, around] = [made.filter(({ type }) => !LAST.has(type)), made.filter(({ type }) => LAST.has(type))];
  if (said.length === 0) return around.map(article);
  const rest = around.length === 0 ? [] : [foldable(t().around, ...around.map(article))];
  if (isSummary(held)) return [summary(held), foldable(t().inFull, ...said.map(article)), ...rest];
  const measured = said.filter(isMeasured);
  if (measured.length < 2) return [...said.map(article), ...rest];
  const others = said.filter((one) => !measured.includes(one));
  const [reports, more] = [others.filter(isReport), others.filter((one) => !isReport(one))];
  const inFull = foldable(t().inFull, ...measured.map(article));
  return [...reports.map(article), measuredCard(measured), inFull, ...more.map(article), ...rest];
}

const isReport = ({ type }: Described): boolean => type === "DiagnosticReport";

function summary(held: Held): HTMLElement {
  const id = freshId();
  return element(
    "article",
    { class: "card", "aria-labelledby": id },
    element("h3", { id }, t().inBrief),
    ...briefly(held),
  );
}

function article(one: Described): HTMLElement {
  const id = freshId();
  return element(
    "article",
    { class: "card", "aria-labelledby": id },
    element("h3", { id }, typeWords(one.type), ...(one.title === null ? [] : [": ", conceptName(one.title)])),
    one.when === null ? null : quiet(timeElement(one.when, timeOf)),
    one.wrong ? notice("warning", element("p", {}, t().wrong)) : null,
    factList(one.facts.filter((fact) => !isMinor(fact, one))),
    parts(one),
    ...one.attachments.map(attachment),
    one.narratives.length === 0 ? null : narratives(one.narratives),
    rest(one, one.facts.filter((fact) => isMinor(fact, one))),
  );
}

/** What goes without saying, or stands on the page already, is folded with the rest. */
const EXPECTED = new Set(["final", "completed", "finished", "current", "available"]);
const CLERICAL: ReadonlySet<FactName> = new Set(["recorded", "reported", "intent", "priority"]);
const KIND_SAID = new Set(["Observation", "DiagnosticReport", "Condition"]);

function isMinor({ name, values }: Fact, { type, when }: Described): boolean {
  if (name === "status") return values.every((one) => one.kind === "code" && EXPECTED.has(one.code));
  if (name === "time") return values.every((one) => one.kind === "when" && one.when.text === when?.text);
  return name === "kind" ? KIND_SAID.has(type) : CLERICAL.has(name);
}

const factList = (found: readonly Fact[]): HTMLElement | null =>
  found.length === 0 ? null : facts(...found.map((one) => [fhir().facts[one.name], words(one)] as const));

function words({ name, values }: Fact): Child {
  const said = values.map((value) => valueWords(value, name)).filter((one) => one !== "");
  if (said.length === 1) return element("bdi", {}, said[0] as string);
  return element("ul", { class: "plain" }, ...said.map((one) => element("li", {}, element("bdi", {}, one))));
}

function parts({ parts: found }: Described): HTMLElement | null {
  if (found.length === 0) return null;
  const lines = found.map(({ title, facts: said }) => [title === null ? fhir().unnamed : conceptWords(title), inline(said)] as const);
  return element("div", {}, element("h4", {}, t().parts), facts(...lines));
}

/** The value and what it means, in one line. */
const inline = (said: readonly Fact[]): string =>
  said.flatMap(({ name, values }) => values.map((value) => valueWords(value, name))).filter((one) => one !== "").join(" · ");

function narratives(found: readonly string[]): HTMLElement {
  const shown = foldable(t().narrative, quiet(t().narrativeHow));
  const open = async (): Promise<void> => {
    const { harmless } = await import("./narrative");
    const region = { class: "narrative", role: "region", "aria-label": t().narrative, tabindex: "0" };
    shown.append(...found.map((one) => element("div", region, harmless(one))));
  };
  shown.addEventListener("toggle", () => open().catch(note), { once: true });
  return shown;
}

function rest({ rest: found }: Described, minor: readonly Fact[]): HTMLElement | null {
  if (found.length + minor.length === 0) return null;
  return foldable(t().rest, factList(minor), found.length === 0 ? null : facts(...found.map(({ path, words: said }) => [path, element("bdi", {}, said)] as const)));
}

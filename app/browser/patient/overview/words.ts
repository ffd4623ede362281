/** What the portrait holds, as a reader's language says it. */

import { codeWords, fhir } from "../../text/fhir";
import { measureName, unitWords } from "../../text/measures";
import { element } from "../../ui/dom";
import { day, decimal, list, moment, number } from "../../ui/formats";
import type { Concept } from "../portrait/concepts";
import type { FactName, Value } from "../portrait/facts";
import type { Dosage } from "../portrait/medicines";
import { shownUnit, type Quantity, type Range } from "../portrait/quantities";
import type { Span, When } from "../portrait/when";

/** A name by its everyday word if there is one, else as the hospital wrote it. */
export const conceptWords = (concept: Concept): string =>
  measureName(concept.codes) ?? (concept.words === "" ? fhir().unnamed : concept.words);

/** The same in its place, whatever direction and length it has; on pointing, what the hospital wrote. */
export function conceptName(concept: Concept): HTMLElement {
  return element("bdi", { class: "name", ...(concept.words !== "" && { title: concept.words }) }, conceptWords(concept));
}

/** The day, or what is known of it. */
export const dayOf = ({ text }: When): string => day(text);

/** The time, where one was given. */
export const timeOf = ({ text, precision }: When): string => (precision === "time" ? moment(text) : day(text));

export const timeElement = (when: When, words: (when: When) => string = dayOf): HTMLElement =>
  element("time", { datetime: when.text }, words(when));

export function spanWords({ from, until }: Span): string {
  if (from !== null && until !== null) {
    const [first, last] = [dayOf(from), dayOf(until)];
    return first === last ? first : fhir().fromUntil(first, last);
  }
  if (from !== null) return fhir().since(dayOf(from));
  return until === null ? "" : fhir().until(dayOf(until));
}

/** The number alone, with as many decimals as its author gave it. */
export const numeral = ({ value, written }: Quantity): string => (written === null ? number(value) : decimal(written));

export function quantityWords(quantity: Quantity): string {
  const unit = unitWords(shownUnit(quantity));
  return [`${quantity.comparator ?? ""}${numeral(quantity)}`, unit].filter(Boolean).join(" ");
}

export function rangeWords({ low, high, text }: Range): string {
  if (low !== null && high !== null) return fhir().between(numeral(low), quantityWords(high));
  if (low !== null) return fhir().atLeast(quantityWords(low));
  return high === null ? (text ?? "") : fhir().atMost(quantityWords(high));
}

export function dosageWords(dosage: Dosage): string {
  const { times, every, unit } = dosage;
  const units = fhir().dosage.units;
  const rhythm = times !== null && every !== null && unit !== null ? fhir().dosage.times(times, every, units[unit] ?? unit) : null;
  const parts = [
    dosage.words,
    dosage.dose === null ? null : quantityWords(dosage.dose),
    dosage.words === null ? rhythm : null,
    dosage.route?.words ?? null,
    dosage.asNeeded ? fhir().dosage.asNeeded : null,
  ];
  return parts.filter((part): part is string => part !== null).join(" · ");
}

/** A code that the hospital put into no words, if the page has some. */
function uncoded({ words, codes }: Concept): string | null {
  return codes.some(({ code }) => code === words) && codeWords(words) !== words ? codeWords(words) : null;
}

export function valueWords(value: Value, fact?: FactName): string {
  switch (value.kind) {
    case "text":
      return value.text;
    case "concept":
      return uncoded(value.concept) ?? conceptWords(value.concept);
    case "code":
      return codeWords(value.code, fact);
    case "when":
      return timeOf(value.when);
    case "span":
      return spanWords(value.span);
    case "quantity":
      return quantityWords(value.quantity);
    case "range":
      return rangeWords(value.range);
    case "dosage":
      return dosageWords(value.dosage);
  }
}

/** Names in one line, each in its place. */
export function namesLine(names: readonly string[]): HTMLElement {
  return element("bdi", { class: "name" }, list(names));
}

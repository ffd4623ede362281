/** All records, by kind, hospital and date; or one of them, if the address names it. */

import type { OpenRecord, Reading } from "../../core/reading";
import { categoryWords } from "../../text/codes";
import { typeWords } from "../../text/fhir";
import { records as t } from "../../text/records";
import { element } from "../../ui/dom";
import { day, list, name, number, time } from "../../ui/formats";
import { empty, freshId, link, notice } from "../../ui/parts";
import { table } from "../../ui/table";
import type { Context } from "../../ui/view";
import { conceptWords } from "../overview/words";
import { described } from "../portrait/facts";
import { held } from "../portrait/held";
import { isOpening, openCard, reading, stillOpening } from "../reading";
import { sensitiveSwitch, shownOf } from "../sensitive";
import { addressOf, atAddress } from "./addresses";
import { exportCard } from "./export";
import { incompleteNotice } from "./incomplete";
import { recordPage } from "./record";

export async function render(context: Context): Promise<HTMLElement> {
  const found = reading(context);
  if (found === null) return openCard(context);
  if (context.part === null) return everything(context, found);
  const one = atAddress(found.records, context.part);
  if (one !== null) return recordPage(one, context);
  return element("div", {}, notice("info", element("p", {}, t().unknown)), link(t().back, "#/records"));
}

interface Filter {
  readonly category: string;
  readonly hospital: string;
  readonly from: string;
  readonly until: string;
}

const NOTHING: Filter = { category: "", hospital: "", from: "", until: "" };

export function everything(context: Context, found: Reading): HTMLElement {
  const visible = shownOf(found.records, context);
  const newest = [...visible].sort((left, right) => right.header.date.localeCompare(left.header.date));
  const place = element("div");
  const draw = (filter: Filter): void => {
    const chosen = newest.filter((one) => fits(one, filter));
    place.replaceChildren(chosen.length === 0 ? empty(element("p", {}, t().filter.none)) : recordTable(chosen));
  };
  draw(NOTHING);
  const above = [stillOpening(context), incompleteNotice(found)];
  const parts = [sensitiveSwitch(context), filterForm(visible, draw), place];
  // What is exported is everything.
  const whole = isOpening(context) ? [] : [exportCard(context, found)];
  return element("div", {}, ...above, ...parts, ...whole);
}

function fits({ header, author }: OpenRecord, { category, hospital, from, until }: Filter): boolean {
  const date = header.date.slice(0, 10);
  return (
    (category === "" || header.category === category) &&
    (hospital === "" || author.address === hospital) &&
    (from === "" || date >= from) &&
    (until === "" || date <= until)
  );
}

function filterForm(records: readonly OpenRecord[], draw: (filter: Filter) => void): HTMLElement {
  const categories = [...new Set(records.map(({ header }) => header.category))].map((one) => [one, categoryWords(one)] as const);
  const hospitals = [...new Map(records.map(({ author }) => [author.address, author.name])).entries()];
  const category = choice(t().filter.category, categories);
  const hospital = choice(t().filter.hospital, hospitals);
  const from = element("input", { type: "date", id: freshId() });
  const until = element("input", { type: "date", id: freshId() });
  const tell = (): void =>
    draw({ category: category.input.value, hospital: hospital.input.value, from: from.value, until: until.value });
  for (const input of [category.input, hospital.input, from, until]) input.addEventListener("change", tell);
  return element(
    "fieldset",
    { class: "filter" },
    element("legend", {}, t().filter.title),
    category.element,
    hospital.element,
    element("div", {}, element("label", { for: from.id }, t().filter.from), from),
    element("div", {}, element("label", { for: until.id }, t().filter.until), until),
  );
}

interface Choice {
  readonly element: HTMLElement;
  readonly input: HTMLSelectElement;
}

function choice(words: string, values: readonly (readonly [string, string])[]): Choice {
  const id = freshId();
  const options = values.map(([value, said]) => element("option", { value }, said));
  const input = element("select", { id }, element("option", { value: "" }, t().filter.any), ...options);
  return { element: element("div", {}, element("label", { for: id }, words), input), input };
}

function recordTable(found: readonly OpenRecord[]): HTMLElement {
  const columns = t().columns;
  return table(
    t().list(number(found.length)),
    [
      { title: columns.date, cell: ({ header }: OpenRecord) => time(header.date, day) },
      { title: columns.what, cell: ({ header }) => categoryWords(header.category) },
      { title: columns.hospital, cell: ({ author }) => name(author.name) },
      { title: columns.holds, cell: (one) => element("bdi", {}, holds(one)) },
      { title: columns.open, cell: (one) => openLink(one, found) },
    ],
    found,
  );
}

function openLink(one: OpenRecord, found: readonly OpenRecord[]): HTMLElement {
  const made = link(t().open, addressOf(found, one.header.recordId) ?? "#/records");
  // Links of the same words lead to different records: assistive technology hears which.
  made.setAttribute("aria-label", `${t().open}: ${categoryWords(one.header.category)}, ${day(one.header.date)}, ${one.author.name}`);
  return made;
}

const MOST_NAMED = 3;
/** They say nothing of what was done. */
const AROUND = new Set(["Practitioner", "PractitionerRole", "Organization", "Location", "Specimen"]);

function holds(one: OpenRecord): string {
  const record = held(one);
  const named = record.resources
    .filter(({ resourceType }) => !AROUND.has(resourceType))
    .map((resource) => described(resource, record))
    .map(({ type, title }) => (title === null ? typeWords(type) : conceptWords(title)));
  const words = [...new Set(named)];
  const first = list(words.slice(0, MOST_NAMED));
  return words.length > MOST_NAMED ? t().andMore(first, number(words.length - MOST_NAMED)) : first;
}

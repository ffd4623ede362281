/** Visits, and what was noted without one, of all hospitals in one line of time. */

import { categoryWords } from "../../text/codes";
import { codeWords } from "../../text/fhir";
import { parts } from "../../text/parts";
import { portraitText as t } from "../../text/portrait";
import { button, element } from "../../ui/dom";
import { list, name, number } from "../../ui/formats";
import { card, empty, freshId, quiet } from "../../ui/parts";
import type { Portrait } from "../portrait/portrait";
import type { Occasion, Visit } from "../portrait/visits";
import type { ToRecord } from "./health";
import { conceptWords, spanWords, timeElement, timeOf } from "./words";

const AT_ONCE = 8;

export function timelineCard({ occasions, hospitals }: Portrait, toRecord: ToRecord): HTMLElement {
  if (occasions.length === 0) return card(t().visits, empty(element("p", {}, t().noVisits)));
  const lines = element("div");
  let shown = AT_ONCE;
  let hospital = "";
  const draw = (): void => {
    const chosen = occasions.filter(({ author }) => hospital === "" || author === hospital);
    const rest = chosen.length - shown;
    const more = button(t().showMore(number(Math.min(rest, 25))), "plain", async () => {
      shown += 25;
      draw();
    });
    lines.replaceChildren(...byYear(chosen.slice(0, shown), toRecord), ...(rest > 0 ? [element("div", { class: "actions" }, more)] : []));
  };
  draw();
  return card(
    t().visits,
    quiet(t().visitsHow),
    ...(hospitals.length < 2 ? [] : [chooser(hospitals, (chosen) => ((hospital = chosen), (shown = AT_ONCE), draw()))]),
    lines,
  );
}

function chooser(hospitals: Portrait["hospitals"], choose: (author: string) => void): HTMLElement {
  const id = freshId();
  const options = hospitals.map(({ author, name: words }) => element("option", { value: author }, words));
  const select = element("select", { id }, element("option", { value: "" }, t().allHospitals), ...options);
  select.addEventListener("change", () => choose(select.value));
  return element("div", { class: "choice" }, element("label", { for: id }, t().atHospital), select);
}

function byYear(occasions: readonly Occasion[], toRecord: ToRecord): readonly HTMLElement[] {
  const years = new Map<string, Occasion[]>();
  for (const one of occasions) {
    const year = one.when?.text.slice(0, 4) ?? t().undated;
    years.set(year, [...(years.get(year) ?? []), one]);
  }
  return [...years].flatMap(([year, these]) => [
    element("h3", {}, year),
    element("ol", { class: "timeline" }, ...these.map((one) => occasionItem(one, toRecord))),
  ]);
}

function occasionItem(one: Occasion, toRecord: ToRecord): HTMLElement {
  const { visit, when } = one;
  const links = one.records.map(({ category, ids }) => {
    const address = ids[0] === undefined ? null : toRecord(ids[0]);
    const words = ids.length > 1 ? parts().bracketed(categoryWords(category), number(ids.length)) : categoryWords(category);
    return element("li", {}, address === null ? words : element("a", { href: address }, words));
  });
  return element(
    "li",
    { "data-kind": visit === null ? "noted" : "visit" },
    element("p", { class: "thing" }, visit === null ? t().noted : visitTitle(visit), " · ", name(one.hospital)),
    quiet(...(when === null ? [t().undated] : [timeElement(when, visit === null ? undefined : timeOf)]), ...periodEnd(visit)),
    ...(visit === null ? [] : visitLines(visit).map((line) => element("p", { class: "detail" }, line))),
    ...(links.length === 0 ? [] : [element("ul", { class: "tags" }, ...links)]),
  );
}

/** A stay of more than a day says until when. */
function periodEnd(visit: Visit | null): readonly string[] {
  const period = visit?.period;
  if (!period?.from || !period.until || period.until.start - period.from.start < 86_400_000) return [];
  return [" · ", spanWords(period)];
}

function visitTitle({ kind, name: called, service }: Visit): string {
  const words = kind === null ? null : codeWords(kind, "kind");
  const known = words !== null && words !== kind ? words : (called?.words ?? words ?? t().visits);
  return service === null ? known : parts().joined(known, conceptWords(service));
}

function visitLines({ reasons, people }: Visit): readonly string[] {
  const made: string[] = [];
  if (reasons.length > 0) made.push(list(reasons.map(conceptWords)));
  if (people.length > 0) made.push(t().with(list(people)));
  return made;
}

/** Results over time: a chart for what was measured more than once, a table behind each, and the newest of everything. */

import { codeWords } from "../../text/fhir";
import { portraitText as t } from "../../text/portrait";
import { element, type Child } from "../../ui/dom";
import { number } from "../../ui/formats";
import { part } from "../../ui/grow";
import { note } from "../../ui/messages";
import { badge, card, empty, foldable, quiet } from "../../ui/parts";
import { whenPrinted } from "../../ui/paper";
import { table } from "../../ui/table";
import type { Portrait } from "../portrait/portrait";
import type { Quantity } from "../portrait/quantities";
import type { Finding, Point, Series } from "../portrait/results";
import type { ToRecord } from "./health";
import { conceptName, conceptWords, dayOf, namesLine, numeral, quantityWords, rangeWords, timeElement, timeOf } from "./words";

/** What most people watch stands first, the newest of the rest after. */
const FIRST = ["85354-9", "55284-4", "29463-7", "4548-4", "2345-7", "14749-6", "98979-8", "33914-3", "2160-0", "13457-7", "2093-3", "718-7"];
const AT_ONCE = 4;

export function resultsCard(portrait: Portrait, toRecord: ToRecord, left: AbortSignal): HTMLElement {
  const { series, findings } = portrait;
  if (series.length + findings.length === 0) return card(t().results, empty(element("p", {}, t().noResults)));
  const charted = series.filter(({ points }) => drawable(points) > 1).sort((one, other) => rank(one) - rank(other));
  const rest = charted.slice(AT_ONCE);
  const figures = (these: readonly Series[]): HTMLElement =>
    part(element("div", { class: "charts" }, ...these.map((one) => figure(one, toRecord, left))), "charts", these);
  return card(
    t().results,
    quiet(t().resultsHow),
    figures(charted.slice(0, AT_ONCE)),
    rest.length === 0 ? null : unfolding(t().more(number(rest.length)), () => figures(rest)),
    series.length === 0 ? null : element("div", { class: "compact" }, newestTable(series, toRecord)),
    findings.length === 0 ? null : findingTable(findings),
  );
}

const drawable = (points: readonly Point[]): number => points.filter(({ values }) => values.some((value) => value !== null)).length;

function rank({ name }: Series): number {
  const at = FIRST.findIndex((code) => name.codes.some((one) => one.code === code));
  return at < 0 ? FIRST.length : at;
}

/** Made when it is first opened: a life has more charts than anybody looks at. */
function unfolding(title: string, make: () => HTMLElement): HTMLElement {
  const made = foldable(title);
  let filled = false;
  const fill = (): void => {
    if (!filled) made.append(make());
    filled = true;
  };
  made.addEventListener("toggle", fill);
  whenPrinted(made, fill);
  return made;
}

const IDLE_MILLISECONDS = 3_000;

function figure(series: Series, toRecord: ToRecord, left: AbortSignal): HTMLElement {
  const { points } = series;
  const [first, last] = [points[0] as Point, points.at(-1) as Point];
  const title = conceptWords(series.name);
  const place = element("div", {
    class: "chart",
    role: "img",
    "aria-label": t().chart(title, number(points.length), dayOf(first.when), dayOf(last.when)),
  });
  drawInTime(place, series, left);
  const shown = element(
    "figure",
    {},
    element("figcaption", {}, element("strong", {}, conceptName(series.name)), " ", lastValue(series, last)),
    place,
    ...(series.lines.length > 1 ? [key(series)] : []),
    unfolding(t().behind, () => valueTable(series, toRecord)),
  );
  return part(shown, series.key, series);
}

/** Draws when the place comes into sight, or when there is nothing else to do: whoever prints has not seen it all. */
function drawInTime(place: HTMLElement, series: Series, left: AbortSignal): void {
  let drawn = false;
  const drawOnce = (): void => {
    if (drawn || left.aborted) return;
    drawn = true;
    seen.disconnect();
    import("./chart").then(({ draw }) => (left.aborted ? undefined : draw(place, series, left)), note);
  };
  const seen = new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) drawOnce();
  }, { rootMargin: "400px" });
  seen.observe(place);
  // Safari knows no idle time.
  if ("requestIdleCallback" in window) requestIdleCallback(drawOnce, { timeout: IDLE_MILLISECONDS });
  else setTimeout(drawOnce, IDLE_MILLISECONDS);
  left.addEventListener("abort", () => seen.disconnect());
}

/** Which line is which: by its dash. */
function key({ lines }: Series): HTMLElement {
  const items = lines.map((line, at) => element("li", { "data-line": String(at % 3) }, conceptWords(line)));
  return element("ul", { class: "key" }, ...items);
}

function lastValue(series: Series, point: Point): HTMLElement {
  return element("span", {}, valueWords(series, point), ...marks(point), " ", element("span", { class: "quiet" }, timeElement(point.when)));
}

/** `130/82 mmHg`, or one value, in the unit of the series. */
function valueWords({ like }: Series, { values, written }: Point): string {
  if (values.some((value) => value === null)) return written.map((one) => (one === null ? "" : quantityWords(one))).join(" / ");
  const figures = values.map((value, at) => numeralOf(value as number, written[at] ?? null)).join("/");
  const unit = quantityWords({ ...like, value: 0, written: null, comparator: null });
  return `${figures}${unit.replace(/^\S+/, "")}`;
}

/** What was not converted stands as it was written. */
const numeralOf = (value: number, written: Quantity | null): string => (written?.value === value ? numeral(written) : number(value));

function marks({ marks: codes, preliminary }: Point): readonly Child[] {
  const unusual = codes.filter((code): code is string => code !== null && code !== "N" && code !== "NEG");
  return [
    ...unusual.flatMap((code) => [" ", badge(codeWords(code, "interpretation"), "warning")]),
    ...(preliminary ? [" ", badge(t().preliminary)] : []),
  ];
}

function valueTable(series: Series, toRecord: ToRecord): HTMLElement {
  const rows = [...series.points].reverse();
  const columns = t().columns;
  return table(
    t().table(conceptWords(series.name)),
    [
      { title: columns.when, cell: ({ when }: Point) => timeElement(when, timeOf) },
      { title: columns.value, cell: (point) => element("span", {}, valueWords(series, point), ...asWritten(series, point), ...marks(point)), numeric: true },
      { title: columns.usual, cell: ({ ranges }) => ranges.map((one) => (one === null ? "" : rangeWords(one))).filter(Boolean).join(" / ") || "–" },
      { title: columns.hospital, cell: ({ seen }) => seenBy(seen) },
      { title: columns.record, cell: ({ seen }) => links(seen, toRecord) },
    ],
    rows,
    10,
  );
}

/** A value that was converted says how it was written. */
function asWritten({ like }: Series, { written }: Point): readonly Child[] {
  const other = written.some((one) => one !== null && (one.unit !== like.unit || one.code !== like.code));
  if (!other) return [];
  const words = written.map((one) => (one === null ? "" : quantityWords(one))).join(" / ");
  return [" ", element("span", { class: "quiet" }, `(${t().converted} ${words})`)];
}

const seenBy = (seen: Point["seen"]): HTMLElement =>
  namesLine([...new Set(seen.flatMap(({ hospital, device }) => (device === null ? [hospital] : [hospital, device])))]);

function links(seen: Point["seen"], toRecord: ToRecord): Child {
  const address = seen[0] === undefined ? null : toRecord(seen[0].recordId);
  return address === null ? null : element("a", { href: address }, t().see);
}

function newestTable(series: readonly Series[], toRecord: ToRecord): HTMLElement {
  const last = ({ points }: Series): Point => points.at(-1) as Point;
  const columns = t().columns;
  return table(
    t().latest,
    [
      { title: columns.what, cell: (one: Series) => conceptName(one.name) },
      { title: columns.newest, cell: (one) => element("span", {}, valueWords(one, last(one)), ...marks(last(one))), numeric: true },
      { title: columns.when, cell: (one) => timeElement(last(one).when) },
      { title: columns.hospital, cell: (one) => seenBy(last(one).seen) },
      { title: columns.record, cell: (one) => links(last(one).seen, toRecord) },
    ],
    series,
    10,
  );
}

function findingTable(findings: readonly Finding[]): HTMLElement {
  const rows = findings.flatMap(({ name, entries }) => entries.map((entry) => ({ name, ...entry })));
  const columns = t().columns;
  return table(
    t().wordResults,
    [
      { title: columns.what, cell: (one: (typeof rows)[number]) => conceptName(one.name) },
      { title: columns.value, cell: ({ words }) => (["true", "false"].includes(words.words) ? codeWords(words.words) : conceptName(words)) },
      { title: columns.when, cell: ({ when }) => (when === null ? t().undated : timeElement(when)) },
      { title: columns.hospital, cell: ({ seen }) => seenBy(seen) },
    ],
    rows,
    10,
  );
}

/** A table that shows a long list page by page, and reads as cards on a phone. */

import { parts as t } from "../text/parts";
import { element, type Child } from "./dom";
import { whenPrinted } from "./paper";

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Child;
  /** Figures stand at the end of their column. */
  readonly numeric?: true;
}

const PAGE_ROWS = 25;
/** More than anybody reads on paper. */
const PAPER_ROWS = 1_000;

/** `caption` names it for assistive technology; `rows` may be tens of thousands: one page is in the document. */
export function table<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  pageRows: number = PAGE_ROWS,
): HTMLElement {
  const body = element("tbody");
  const where = element("span", { "aria-live": "polite" });
  let first = 0;
  const fill = (these: readonly Row[]): void => body.replaceChildren(...these.map((row) => line(columns, row)));
  const draw = (): void => {
    fill(rows.slice(first, first + pageRows));
    const last = Math.min(first + pageRows, rows.length);
    where.textContent = t().rows(Math.min(first + 1, last), last, rows.length);
    back.setAttribute("aria-disabled", String(first === 0));
    on.setAttribute("aria-disabled", String(last >= rows.length));
  };
  const turning = (words: string, by: number): HTMLElement => {
    const made = element("button", { type: "button", class: "plain" }, words);
    made.addEventListener("click", () => {
      const to = first + by * pageRows;
      if (to < 0 || to >= rows.length) return;
      first = to;
      draw();
    });
    return made;
  };
  const back = turning(t().previous, -1);
  const on = turning(t().next, 1);
  draw();
  const head = element("tr", {}, ...columns.map(({ title, numeric }) => heading(title, numeric)));
  const paging = element("nav", { class: "paging", "aria-label": t().paging }, back, where, on);
  const shown = element(
    "div",
    { class: "table" },
    element("table", {}, element("caption", {}, caption), element("thead", {}, head), body),
    ...(rows.length > pageRows ? [paging] : []),
  );
  if (rows.length > pageRows) whenPrinted(shown, () => fill(rows.slice(0, PAPER_ROWS)), draw);
  return shown;
}

const heading = (title: string, numeric: true | undefined): HTMLElement =>
  element("th", { scope: "col", ...(numeric && { class: "numeric" }) }, title);

function line<Row>(columns: readonly Column<Row>[], row: Row): HTMLElement {
  const cells = columns.map(({ title, cell, numeric }) =>
    element("td", { "data-title": title, ...(numeric && { class: "numeric" }) }, cell(row)),
  );
  return element("tr", {}, ...cells);
}


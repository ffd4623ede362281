/** The results of one record as a laboratory prints them: one line each, with the usual range and what stands out. */

import { codeWords } from "../../text/fhir";
import { portraitText } from "../../text/portrait";
import { records as t } from "../../text/records";
import { element, type Child } from "../../ui/dom";
import { number } from "../../ui/formats";
import { badge, freshId, quiet } from "../../ui/parts";
import { table, type Column } from "../../ui/table";
import { conceptWords, timeElement, timeOf, valueWords } from "../overview/words";
import type { Concept } from "../portrait/concepts";
import type { Described, Fact, FactName } from "../portrait/facts";
import type { When } from "../portrait/when";

interface Line {
  readonly name: string;
  readonly value: string;
  readonly usual: string;
  readonly marks: readonly string[];
  readonly when: When | null;
}

const of = (facts: readonly Fact[], name: FactName): string =>
  facts.filter((one) => one.name === name).flatMap(({ values }) => values.map((value) => valueWords(value, name))).join(" · ");

const hasValue = (facts: readonly Fact[]): boolean => of(facts, "value") !== "";

/** A result that a line can tell. */
export const isMeasured = ({ type, wrong, facts, parts }: Described): boolean =>
  type === "Observation" && !wrong && (hasValue(facts) || parts.some((one) => hasValue(one.facts)));

const ORDINARY = new Set(["N", "NEG"]);

function marks(facts: readonly Fact[]): readonly string[] {
  const codes = facts.filter(({ name }) => name === "interpretation").flatMap(({ values }) => values);
  return codes.flatMap((one) => (one.kind === "code" && !ORDINARY.has(one.code) ? [codeWords(one.code, "interpretation")] : []));
}

function linesOf({ title, when, facts, parts }: Described): readonly Line[] {
  const line = (names: readonly (Concept | null)[], said: readonly Fact[]): Line => ({
    name: names.flatMap((one) => (one === null ? [] : [conceptWords(one)])).join(" · "),
    value: of(said, "value"),
    usual: of(said, "reference-range"),
    marks: marks(said),
    when,
  });
  return [
    ...(hasValue(facts) ? [line([title], facts)] : []),
    ...parts.filter((one) => hasValue(one.facts)).map((one) => line([title, one.title], one.facts)),
  ];
}

/** All lines under one heading; the time once, if it is the same for all. */
export function measuredCard(found: readonly Described[]): HTMLElement {
  const lines = found.flatMap(linesOf);
  const id = freshId();
  const times = new Set(lines.map(({ when }) => when?.text ?? ""));
  const [first] = lines;
  const shown = columns(times.size > 1, lines.some(({ usual }) => usual !== ""));
  return element(
    "article",
    { class: "card", "aria-labelledby": id },
    element("h3", { id }, t().results),
    times.size === 1 && first?.when ? quiet(timeElement(first.when, timeOf)) : null,
    element("div", { class: "compact measured" }, table(t().resultList(number(lines.length)), shown, lines, 50)),
  );
}

function columns(dated: boolean, ranged: boolean): readonly Column<Line>[] {
  const words = portraitText().columns;
  const value = ({ value: said, marks: codes }: Line): Child =>
    element("span", {}, element("bdi", {}, said), ...codes.flatMap((one) => [" ", badge(one, "warning")]));
  return [
    { title: words.what, cell: ({ name }) => element("bdi", { class: "name" }, name) },
    { title: words.value, cell: value, numeric: true },
    ...(ranged ? [{ title: words.usual, cell: ({ usual }: Line) => (usual === "" ? "–" : element("bdi", {}, usual)) }] : []),
    ...(dated ? [{ title: words.when, cell: ({ when }: Line) => (when === null ? "–" : timeElement(when, timeOf)) }] : []),
  ];
}

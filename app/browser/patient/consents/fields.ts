/** Fields of forms: several ticks, one of several, a day, a number. */

import { element } from "../../ui/dom";
import { foldable, freshId, quiet } from "../../ui/parts";

export type Option = readonly [value: string, words: string];

export interface Choices {
  readonly element: HTMLElement;
  readonly chosen: () => readonly string[];
}

interface Beside {
  readonly hint?: string;
  /** Those that are not ticked stand below this title, folded away. */
  readonly others?: string;
}

/** Boxes to tick under one legend. */
export function choices(
  legend: string,
  options: readonly Option[],
  ticked: readonly string[],
  { hint, others }: Beside = {},
): Choices {
  const boxes = options.map(([value, words]) => {
    const box = element("input", { type: "checkbox", value, ...(ticked.includes(value) && { checked: "" }) });
    return { box, label: element("label", {}, box, element("span", {}, words)) };
  });
  const told = freshId();
  const below = hint === undefined ? [] : [quiet(hint)];
  for (const one of below) one.id = told;
  const list = (shown: typeof boxes): HTMLElement => element("div", { class: "choices" }, ...shown.map(({ label }) => label));
  const [first, rest] = [boxes.filter(({ box }) => box.checked), boxes.filter(({ box }) => !box.checked)];
  const split = others !== undefined && first.length > 0 && rest.length > 0;
  return {
    element: element(
      "fieldset",
      hint === undefined ? {} : { "aria-describedby": told },
      element("legend", {}, legend),
      ...below,
      ...(split ? [list(first), foldable(others, list(rest))] : [list(boxes)]),
    ),
    chosen: () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value),
  };
}

/** One of several. The options' texts may be names of any script: `select` isolates their direction itself. */
export function selectField(options: readonly Option[], chosen: string): HTMLSelectElement {
  const made = element("select", {}, ...options.map(([value, words]) => element("option", { value }, words)));
  if (options.some(([value]) => value === chosen)) made.value = chosen;
  return made;
}

/** A day of the calendar, YYYY-MM-DD; empty for none. */
export function dayField(value: string, min: string | null = null): HTMLInputElement {
  const made = element("input", { type: "date", ...(min !== null && { min }) });
  made.value = value;
  return made;
}

export function numberField(value: number, min: number, max: number): HTMLInputElement {
  return element("input", {
    type: "number", inputmode: "numeric", min: String(min), max: String(max), step: "1", value: String(value),
  });
}

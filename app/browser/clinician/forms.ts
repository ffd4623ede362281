/** Fields with their labels and hints, and what is said beside one that is missing. */

import { element, type Child } from "../ui/dom";
import { clinicForms as t } from "../text/clinic_forms";
import { freshId } from "../ui/parts";

interface Field<Control extends HTMLElement> {
  readonly element: HTMLElement;
  readonly control: Control;
  /** Says beside the field what is wrong, and brings the keyboard there; null takes it back. */
  readonly complain: (words: string | null) => void;
}

function around<Control extends HTMLElement>(label: string, hint: string | null, control: Control): Field<Control> {
  const [id, hintId, faultId] = [freshId(), freshId(), freshId()];
  control.id = id;
  const fault = element("p", { class: "fault", id: faultId, role: "alert" });
  control.setAttribute("aria-describedby", hint === null ? faultId : `${hintId} ${faultId}`);
  return {
    element: element(
      "div",
      { class: "field" },
      element("label", { for: id }, label),
      control,
      hint === null ? null : element("p", { class: "quiet", id: hintId }, hint),
      fault,
    ),
    control,
    complain: complaint(control, fault),
  };
}

function complaint(control: HTMLElement, fault: HTMLElement): (words: string | null) => void {
  return (words) => {
    fault.textContent = words ?? "";
    if (words === null) {
      control.removeAttribute("aria-invalid");
      return;
    }
    control.setAttribute("aria-invalid", "true");
    control.focus();
  };
}

export const textField = (label: string, hint: string | null = null, maxlength = "128"): Field<HTMLInputElement> =>
  around(label, hint, element("input", { type: "text", autocomplete: "off", spellcheck: "false", maxlength }));

export const textArea = (label: string, hint: string | null = null, maxlength = "4000"): Field<HTMLTextAreaElement> =>
  around(label, hint, element("textarea", { rows: "4", maxlength }));

/** Nothing is chosen beforehand: the first line asks to choose. */
export function choice(
  label: string,
  ask: string,
  options: readonly (readonly [value: string, words: string])[],
  hint: string | null = null,
): Field<HTMLSelectElement> {
  const lines = options.map(([value, words]) => element("option", { value }, words));
  return around(label, hint, element("select", {}, element("option", { value: "" }, ask), ...lines));
}

/** So many are found by looking. */
const SEARCHED = 12;

/** As `choice`, of people: where there are many, a field above keeps those whose words hold what is typed, in any order. */
export function choiceByName(
  label: string,
  ask: string,
  options: readonly (readonly [value: string, words: string])[],
  hint: string | null,
): Field<HTMLSelectElement> {
  const field = choice(label, ask, options, hint);
  if (options.length <= SEARCHED) return field;
  const [id, found] = [freshId(), element("span", { class: "quiet", role: "status" })];
  const search = element("input", { id, type: "search", autocomplete: "off", spellcheck: "false", maxlength: "128" });
  search.addEventListener("input", () => {
    const typed = search.value.toLocaleLowerCase().split(/\s+/);
    const kept = options.filter(([, words]) => typed.every((one) => words.toLocaleLowerCase().includes(one)));
    const before = field.control.value;
    field.control.replaceChildren(
      element("option", { value: "" }, ask),
      ...kept.map(([value, words]) => element("option", { value }, words)),
    );
    // Nobody is chosen by searching, and nobody stays chosen who is not shown.
    field.control.value = kept.some(([value]) => value === before) ? before : "";
    found.textContent = t().found(kept.length);
  });
  const above = element("div", { class: "field" }, element("label", { for: id }, t().search), search, found);
  return { ...field, element: element("div", {}, above, field.element) };
}

export interface Boxes {
  readonly element: HTMLElement;
  readonly chosen: () => readonly string[];
  readonly complain: (words: string | null) => void;
}

/** Several of a list; nothing is ticked beforehand. */
export function boxes(
  label: string,
  options: readonly (readonly [value: string, words: string])[],
  hint: string | null = null,
): Boxes {
  const made = options.map(([value, words]) => {
    const box = element("input", { type: "checkbox", value });
    return { box, line: element("label", {}, box, " ", words) };
  });
  const fault = element("p", { class: "fault", role: "alert" });
  const children: Child[] = [
    element("legend", {}, label),
    hint === null ? null : element("p", { class: "quiet" }, hint),
    element("div", { class: "boxes" }, ...made.map(({ line }) => line)),
    fault,
  ];
  return {
    element: element("fieldset", {}, ...children),
    chosen: () => made.filter(({ box }) => box.checked).map(({ box }) => box.value),
    complain: complaint(made[0]?.box ?? fault, fault),
  };
}

/** A form that the Enter key sends: its one button is `send`. */
export function form(send: HTMLButtonElement, ...children: readonly Child[]): HTMLFormElement {
  const made = element("form", {}, ...children, element("div", { class: "actions" }, send));
  made.noValidate = true;
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    send.click();
  });
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement) || event.target.type !== "text") return;
    event.preventDefault();
    send.click();
  });
  return made;
}

/** Parts that every page is made of: cards, notices, badges, lists of facts, what to show when there is nothing. */

import { parts as t } from "../text/parts";
import { element, type Child } from "./dom";

let made = 0;

/** An id of this page's own, for labels: unlike any other. */
export const freshId = (): string => `part-${++made}`;

/** A section with a title of its own (h2), that assistive technology finds by that title. */
export function card(title: string, ...children: readonly Child[]): HTMLElement {
  const id = freshId();
  return element("section", { class: "card", "aria-labelledby": id }, element("h2", { id }, title), ...children);
}

export type Mood = "info" | "good" | "warning" | "danger";

/** Something to know while reading on; what has just happened is said by `say` instead. */
export function notice(mood: Mood, ...children: readonly Child[]): HTMLElement {
  return element("div", { class: `notice ${mood}`, role: "note" }, ...children);
}

/** One state in a word or two. Never by colour alone. */
export const badge = (words: string, mood: Mood = "info"): HTMLElement =>
  element("span", { class: `badge ${mood}` }, words);

export const quiet = (...children: readonly Child[]): HTMLElement => element("p", { class: "quiet" }, ...children);

/** Term and description, one pair a line; a null value leaves its line out. */
export function facts(...lines: readonly (readonly [string, Child])[]): HTMLElement {
  const filled = lines.filter(([, value]) => value !== null);
  return element(
    "dl",
    {},
    ...filled.map(([term, value]) => element("div", {}, element("dt", {}, term), element("dd", {}, value))),
  );
}

/** Instead of an empty list: what would stand there, and how it comes to stand there. */
export const empty = (...children: readonly Child[]): HTMLElement => element("div", { class: "empty" }, ...children);

/** Grey lines in the place of what is being loaded. */
export function skeleton(): HTMLElement {
  const line = (): HTMLElement => element("span", { class: "skeleton-line" });
  return element("div", { class: "skeleton", role: "status", "aria-label": t().loading }, line(), line(), line());
}

export interface Progress {
  readonly element: HTMLElement;
  /** `words` are read out by assistive technology, and shown. */
  readonly set: (done: number, of: number, words: string) => void;
}

export function progress(label: string): Progress {
  const bar = element("progress", { max: "1", value: "0", "aria-label": label });
  const words = element("span", { class: "quiet" });
  return {
    element: element("div", { class: "progress" }, bar, words),
    set(done, of, said) {
      bar.max = Math.max(1, of);
      bar.value = done;
      bar.setAttribute("aria-valuetext", said);
      words.textContent = said;
    },
  };
}

/** A link to another page of this application. */
export const link = (words: string, address: `#/${string}`, look: "link" | "button" = "link"): HTMLElement =>
  element("a", { href: address, class: look }, words);

/** A part that opens below its title. */
export const foldable = (title: string, ...children: readonly Child[]): HTMLDetailsElement =>
  element("details", {}, element("summary", {}, title), ...children);

/** A question that has to be answered before going on: the browser's own dialog, which keeps the keyboard inside. */

import { parts as t } from "../text/parts";
import { button, element, type Child } from "./dom";
import { freshId } from "./parts";

export interface Question {
  readonly title: string;
  readonly body: readonly Child[];
  readonly yes: string;
  readonly look?: "primary" | "danger";
  /** In place of "Cancel". */
  readonly no?: string;
}

/** Whether the reader said yes. Escape, the other button and leaving the page are no. */
export function ask({ title, body, yes, look = "primary", no = t().cancel }: Question): Promise<boolean> {
  const id = freshId();
  const shown = element("dialog", { "aria-labelledby": id });
  const answer = (value: "yes" | "no") => async (): Promise<void> => shown.close(value);
  shown.append(
    element(
      "div",
      { class: "card" },
      element("h2", { id }, title),
      ...body,
      element("div", { class: "actions" }, button(yes, look, answer("yes")), button(no, "plain", answer("no"))),
    ),
  );
  return shownUntilClosed(shown).then(() => shown.returnValue === "yes");
}

/** Shows something above the page until the reader closes it. */
export function tell(title: string, ...body: readonly Child[]): Promise<void> {
  const id = freshId();
  const shown = element("dialog", { "aria-labelledby": id });
  const close = button(t().close, "plain", async () => shown.close());
  shown.append(
    element("div", { class: "card" }, element("h2", { id }, title), ...body, element("div", { class: "actions" }, close)),
  );
  return shownUntilClosed(shown);
}

/** Nobody is left to answer: what is asked or told is closed, and counts as no. */
export function closeDialogs(): void {
  for (const shown of document.querySelectorAll("dialog")) shown.close("no");
}

function shownUntilClosed(shown: HTMLDialogElement): Promise<void> {
  return new Promise((done) => {
    const close = (): void => shown.close("no");
    addEventListener("hashchange", close, { once: true });
    shown.addEventListener("close", () => {
      removeEventListener("hashchange", close);
      shown.remove();
      done();
    });
    document.body.append(shown);
    shown.showModal();
  });
}

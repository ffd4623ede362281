/** News by e-mail: an address, the code that was sent there, and the end of it (W-21). */

import { askForCode, confirmCode, mailState, stopMail } from "../../core/mail";
import { isolated } from "../../text/isolated";
import { mail as t } from "../../text/mail";
import { button, element } from "../../ui/dom";
import { attempt, goTo, say } from "../../ui/messages";
import { card, freshId, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";

const ID = "mail";

export async function mailCard(context: Context): Promise<HTMLElement> {
  const { available, address } = await mailState();
  const body = element("div", {});
  if (address !== null) body.append(...told(address, context));
  else if (available) body.append(...asking(body, context));
  else body.append(quiet(t().off));
  const made = card(t().title, quiet(t().hint), body);
  made.id = ID;
  return made;
}

function told(address: string, context: Context): HTMLElement[] {
  const stop = button(t().stop, "plain", () =>
    attempt(async () => {
      await stopMail();
      await context.refresh(ID);
      say(t().stopped);
    }),
  );
  return [element("p", {}, t().on(isolated(address))), element("div", { class: "actions" }, stop)];
}

function asking(body: HTMLElement, context: Context): HTMLElement[] {
  const [field, input] = labelled(t().address, "email", "email");
  const send = button(t().send, "plain", () =>
    attempt(async () => {
      if (!input.reportValidity()) return;
      const { ref, address } = await askForCode(input.value.trim());
      body.replaceChildren(...confirming(ref, address, body, context));
      goTo(body.querySelector("input"));
    }),
  );
  return [element("div", { class: "choices" }, field), element("div", { class: "actions" }, send)];
}

function confirming(ref: string, address: string, body: HTMLElement, context: Context): HTMLElement[] {
  const [field, input] = labelled(t().code, "text", "one-time-code");
  const confirm = button(t().confirm, "primary", () =>
    attempt(async () => {
      if (!input.reportValidity()) return;
      await confirmCode(ref, input.value.trim());
      await context.refresh(ID);
      say(t().confirmed);
    }),
  );
  const other = button(t().other, "plain", async () => {
    body.replaceChildren(...asking(body, context));
    goTo(body.querySelector("input"));
  });
  return [
    element("p", { role: "status" }, t().sent(isolated(address))),
    element("div", { class: "choices" }, field),
    element("div", { class: "actions" }, confirm, other),
  ];
}

function labelled(label: string, type: "email" | "text", autocomplete: string): [HTMLElement, HTMLInputElement] {
  const id = freshId();
  const inputmode = type === "email" ? "email" : "numeric";
  const input = element("input", { id, name: id, type, inputmode, autocomplete, required: "", maxlength: "254" });
  return [element("div", { class: "field" }, element("label", { for: id }, label), input), input];
}

/** For whoever lost a wallet, or is to be named by somebody: the account to show, and what comes next. */

import { guardians } from "../../text/guardians";
import { button, element } from "../../ui/dom";
import { attempt, say } from "../../ui/messages";
import { card } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { account } from "./account";

export function lostCard({ session }: Context): HTMLElement {
  const words = guardians().lost;
  const copy = button(words.copy, "plain", () =>
    attempt(async () => {
      await navigator.clipboard.writeText(session.account);
      say(words.copied);
    }),
  );
  return card(
    words.title,
    element("ol", {}, ...words.steps.map((line) => element("li", {}, line))),
    element("p", {}, words.yours),
    element("p", {}, account(session.account)),
    element("div", { class: "actions" }, copy),
  );
}

/** A recovery that is under way: the patient who did not ask for it must see it first, and can stop it once. */

import { stopRecovery, type Identity } from "../../core/identity";
import { guardians } from "../../text/guardians";
import { button, element } from "../../ui/dom";
import { moment } from "../../ui/formats";
import { attempt, say } from "../../ui/messages";
import { facts, notice } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { account } from "./account";

/** Whether the signed-in account controls the identity. */
export type Controls = "yes" | "no";

export function pendingNotice({ recovery }: Identity, controls: Controls, context: Context): HTMLElement[] {
  const { newOwner, executableAt, vetoSpent } = recovery;
  if (newOwner === null || executableAt === null) return [];
  const words = guardians().pending;
  const stop = button(words.stop, "danger", () =>
    attempt(async () => {
      await stopRecovery(newOwner, context.session);
      await context.refresh();
      say(words.stopped);
    }),
  );
  const last =
    controls === "no"
      ? [element("p", {}, words.notYours)]
      : vetoSpent
        ? [element("p", {}, words.spent)]
        : [element("p", {}, words.stopHint), element("div", { class: "actions" }, stop)];
  const told = element("p", {}, words.words(moment(executableAt)));
  return [notice("danger", element("h2", {}, words.title), told, facts([words.account, account(newOwner)]), ...last)];
}

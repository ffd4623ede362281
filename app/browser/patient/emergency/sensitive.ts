/** Whether sensitive records go into the emergency summary of the hospital that serves this page (E-20, W-63). */

import { Problem } from "../../core/api";
import { chooseSensitive, withSensitive } from "../../core/notices";
import { emergency as t } from "../../text/emergency";
import { isolated } from "../../text/isolated";
import { ask } from "../../ui/dialog";
import { button, element } from "../../ui/dom";
import { attempt, say } from "../../ui/messages";
import { card, notice, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";

const ID = "sensitive";

export async function sensitiveCard(context: Context): Promise<HTMLElement> {
  const chosen = await withSensitive();
  const member = isolated(context.network.member.name);
  const problem = element("div", { id: `${ID}-problem` });
  const change = button(chosen ? t().turnOff : t().turnOn, "plain", () =>
    attempt(async () => {
      if (!chosen && !(await sure())) return;
      try {
        await chooseSensitive(!chosen);
      } catch (error) {
        if (!(error instanceof Problem && error.code === "patient-not-linked")) throw error;
        problem.replaceChildren(notice("warning", element("p", {}, t().notLinked(member))));
        return;
      }
      await context.refresh(ID);
      say(chosen ? t().nowOff : t().nowOn);
    }),
  );
  const state = notice(chosen ? "warning" : "good", element("p", {}, chosen ? t().sensitiveOn : t().sensitiveOff));
  const made = card(
    t().sensitive,
    state,
    quiet(t().sensitiveHint(member)),
    problem,
    element("div", { class: "actions" }, change),
  );
  made.id = ID;
  return made;
}

const sure = (): Promise<boolean> =>
  ask({ title: t().sure, body: [element("p", {}, t().sureBody)], yes: t().turnOn, look: "danger" });

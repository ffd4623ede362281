/** Revoking: its effect said first, then one signature, every keeper's own word on it, and new keys for the directory. */

import { Problem, type ShownConsent } from "../../core/api";
import { renewDirectory } from "../../core/directory";
import { again } from "../../core/own_consents";
import { revokeEverywhere } from "../../core/revoking";
import { isUnsettled } from "../../core/signed_once";
import { consents as t } from "../../text/consents";
import { directory } from "../../text/directory";
import { frame } from "../../text/frame";
import { button, element } from "../../ui/dom";
import { attempt, failAsWell, isEnding, note, say } from "../../ui/messages";
import { progress } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { cardId } from "./card";
import { ends } from "./sign";

export function revokeQuestion(instead: HTMLElement, shown: ShownConsent, context: Context): HTMLElement {
  const renew = element("input", { type: "checkbox", checked: "" });
  const told = progress(t().keepers);
  told.element.hidden = true;
  const made = element(
    "section",
    { class: "question", "aria-label": t().revokeTitle },
    element("h4", {}, t().revokeTitle),
    element("ul", {}, ...t().revokeMeans.map((line) => element("li", {}, line))),
    element("label", {}, renew, element("span", {}, directory().withRevocation)),
    told.element,
    element(
      "div",
      { class: "actions" },
      button(t().revokeNow, "danger", () =>
        attempt(() =>
          revoke(shown, context, renew.checked, (done, of) => {
            told.element.hidden = false;
            told.set(done, of, t().acknowledging(done, of));
          }),
        ),
      ),
      button(t().keep, "plain", async () => {
        made.remove();
        instead.hidden = false;
        instead.querySelector("button")?.focus();
      }),
    ),
  );
  return made;
}

async function revoke(
  shown: ShownConsent,
  context: Context,
  renew: boolean,
  progressed: (acknowledged: number, of: number) => void,
): Promise<void> {
  const { session, refresh } = context;
  if (await ended(shown)) {
    await refresh(cardId(shown.id));
    return say(t().meanwhile);
  }
  const { acknowledged, of, transaction } = await revokeEverywhere(shown, session, progressed);
  const done = [
    t().revoked,
    " ",
    t().acknowledged(acknowledged, of, reach(acknowledged, of, session.network.threshold)),
    " ",
    transaction === null ? t().notRecorded : t().recorded(ends(transaction)),
  ];
  if ((await tell(done, context, cardId(shown.id))) && renew) await renewAfter(done, context);
}

/** Whether another tab or device was quicker. A gateway that does not answer keeps nobody from revoking: keepers may. */
async function ended(shown: ShownConsent): Promise<boolean> {
  try {
    const now = await again(shown);
    return now?.status === "revoked" || now?.status === "expired";
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

/** Draws the page anew and says what was done, whatever keeps the page from being drawn: false if the way in stands there now. */
export async function tell(done: readonly string[], { refresh, leave }: Context, focus?: string): Promise<boolean> {
  try {
    await refresh(focus);
    say(...done);
  } catch (error) {
    if (isEnding(error)) {
      const { signInEnded, signInReplaced } = frame();
      await leave([...done, " ", error.code === "sign-in-replaced" ? signInReplaced : signInEnded].join(""));
      return false;
    }
    say(...done);
    failAsWell(error);
  }
  return true;
}

/** What those who have not acknowledged could still do together. */
export function reach(acknowledged: number, of: number, threshold: number): "all" | "enough" | "few" {
  if (acknowledged === of) return "all";
  return of - acknowledged < threshold ? "enough" : "few";
}

/** What was revoked stays so, whatever becomes of the directory: both are said. */
export async function renewAfter(done: readonly string[], context: Context): Promise<void> {
  let begun = false;
  const making = (made: number, of: number): void => {
    begun = true;
    say(directory().making(made, of));
  };
  try {
    if (!(await renewDirectory(context.session, making))) return say(...done);
  } catch (error) {
    note(error);
    const { maybeRenewed, notRenewed } = directory();
    await tell([...done, " ", begun && isUnsettled(error) ? maybeRenewed : notRenewed], context);
    return;
  }
  await tell([...done, " ", directory().renewed], context);
}

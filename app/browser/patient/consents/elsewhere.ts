/** Consents to another member than the one that serves this page: it must know the terms, which the chain does not have. */

import { bring, consentBytes, handOn, readConsent } from "../../core/own_consents";
import type { Network, ShownConsent } from "../../core/api";
import { LayoutError } from "../../layouts/errors";
import type { Consent } from "../../layouts/terms";
import { elsewhere as t } from "../../text/elsewhere";
import { button, element } from "../../ui/dom";
import { attempt, say } from "../../ui/messages";
import { foldable, freshId, notice } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { saveFile } from "../people/saving";
import { cardId } from "./card";

export const isElsewhere = ({ terms }: Consent, { member }: Network): boolean => terms.recipient !== member.address.toLowerCase();

/** Below a consent that holds: telling the recipient again, or taking the terms along. */
export function takingAlong(shown: ShownConsent, read: Consent): HTMLElement {
  const { recipientName } = read.terms;
  const again = button(t().tell, "plain", () =>
    attempt(async () => {
      await handOn(shown.id);
      say(t().told(recipientName));
    }),
  );
  const file = button(t().save, "plain", async () => saveFile(t().file, consentBytes(read)));
  return element("div", {}, element("p", { class: "quiet" }, t().why(recipientName)), element("div", { class: "actions" }, again, file));
}

/** For consents that were signed at another member's page, for this one. */
export function bringing({ refresh }: Context): HTMLElement {
  const file = element("input", { type: "file", accept: "application/json,.json", id: freshId() });
  const problems = element("div", { role: "alert" });
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    if (chosen === undefined) return;
    void attempt(async () => {
      problems.replaceChildren();
      try {
        const id = await bring(readConsent(await chosen.text()));
        await refresh(cardId(id));
        say(t().brought);
      } catch (error) {
        if (!(error instanceof LayoutError)) throw error;
        problems.replaceChildren(notice("warning", element("p", {}, t().bad)));
      }
    });
  });
  return foldable(t().bring, element("label", { for: file.id }, t().bringFile), file, problems);
}

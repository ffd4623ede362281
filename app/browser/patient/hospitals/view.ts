/** At the desk of the member that serves this page: linking the wallet with the patient number there. */

import { acceptLink, checkLinkText, waitingLinks, type WaitingLink } from "../../core/links";
import { signText } from "../../core/wallets";
import { hospitals as t } from "../../text/hospitals";
import { button, element } from "../../ui/dom";
import { attempt, say } from "../../ui/messages";
import { card, empty, foldable } from "../../ui/parts";
import type { Context } from "../../ui/view";

export async function render(context: Context): Promise<HTMLElement> {
  const asked = await waitingLinks();
  const look = button(t().look, "plain", () => attempt(() => context.refresh()));
  if (asked.length > 0) return element("div", {}, ...asked.map((one) => linkCard(one, context)));
  return empty(element("p", {}, element("strong", {}, t().none)), element("p", {}, t().noneHow), look);
}

function linkCard(one: WaitingLink, context: Context): HTMLElement {
  const { session, network } = context;
  const sign = button(t().sign, "primary", () =>
    attempt(async () => {
      checkLinkText(one, network);
      await acceptLink(one.ref, await signText(session.wallet, session.account, one.challenge));
      await context.refresh();
      say(t().signed);
    }),
  );
  return card(
    t().asks(network.member.name),
    element("p", {}, t().means),
    foldable(t().text, element("pre", { lang: "en" }, one.challenge)),
    element("div", { class: "actions" }, sign),
  );
}

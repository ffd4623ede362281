/** Through which member the page sees the shared ledger (W-65). */

import { lookThrough, RelayUnfit, relays, seenThrough, type Relay } from "../../core/endpoints";
import { isolated } from "../../text/isolated";
import { settings as t } from "../../text/settings";
import { button, element } from "../../ui/dom";
import { number } from "../../ui/formats";
import { attempt, say } from "../../ui/messages";
import { card, freshId, notice, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";

const ID = "chain";

export async function chainCard(context: Context): Promise<HTMLElement> {
  const { network } = context;
  const all = await relays(network);
  const now = element("p", {}, t().using(isolated(seenThrough(network))));
  const made = card(t().chain, now, quiet(t().chainHint), ...(all.length < 2 ? [quiet(t().nobodyElse)] : choice(all, context)));
  made.id = ID;
  return made;
}

function choice(all: readonly Relay[], context: Context): HTMLElement[] {
  const { network } = context;
  const id = freshId();
  const problem = element("div", { id: `${ID}-problem` });
  const options = all.map(({ member, url }, at) =>
    element("option", { value: String(at) }, url === null ? t().serving(member) : member),
  );
  const select = element("select", { id, name: id }, ...options);
  select.value = String(Math.max(0, all.findIndex(({ member }) => member === seenThrough(network))));
  const use = button(t().use, "plain", () =>
    attempt(async () => {
      const relay = all[Number(select.value)];
      if (relay === undefined) return;
      try {
        const before = isolated(seenThrough(network));
        const head = await lookThrough(relay, network);
        await context.refresh(ID);
        const member = isolated(relay.member);
        say(head === null ? t().notCompared(member, before) : t().agrees(member, number(Number(head))));
      } catch (error) {
        if (!(error instanceof RelayUnfit)) throw error;
        const mood = error.kind === "contradicts" ? "danger" : "warning";
        problem.replaceChildren(notice(mood, element("p", {}, t().refused[error.kind](isolated(relay.member)))));
      }
    }),
  );
  const field = element("div", { class: "field" }, element("label", { for: id }, t().through), select);
  return [element("div", { class: "choices" }, field), problem, element("div", { class: "actions" }, use)];
}

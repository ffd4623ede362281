/** Emergencies: who opened the summary, the card to carry, what the summary holds and what goes into it (W-61 … W-63). */

import { seen } from "../../core/notices";
import { emergency as t } from "../../text/emergency";
import { button, byId, element } from "../../ui/dom";
import { later } from "../../ui/later";
import { attempt, goTo } from "../../ui/messages";
import { card, empty, link, notice, quiet } from "../../ui/parts";
import { paged } from "../../ui/paged";
import type { Context } from "../../ui/view";
import { didOf } from "../did";
import { knownAccount } from "../sitting";
import { emergencyCard } from "./card";
import { openingCard, type Shown } from "./opening";
import { openingsOf } from "./openings";
import { sensitiveCard } from "./sensitive";
import { summaryCard } from "./summary";

export async function render(context: Context): Promise<HTMLElement> {
  const { network, session } = context;
  const pressing = element("div", { id: "pressing" });
  return element(
    "div",
    { id: "emergency" },
    element("p", { class: "lead" }, t().lead),
    pressing,
    emergencyCard(didOf(network.chainId, session.patient)),
    openingsPlace(context, pressing),
    summaryCard(context),
    later("sensitive", t().sensitive, () => sensitiveCard(context), context.left),
  );
}

/** The card stands first; what cannot wait is said above it. */
function pressingNotice(found: readonly Shown[]): readonly HTMLElement[] {
  const open = found.some(({ state }) => state.status === "open");
  const fresh = found.some(({ told }) => told !== null && told.seenAt === null);
  if (!open && !fresh) return [];
  const look = button(t().toOpenings, "plain", async () => goTo(byId("openings")));
  return [notice("danger", element("p", {}, open ? t().openNow : t().unseen), look)];
}

/** The opening that the patient has just seen. */
let sought = "";

function openingsPlace(context: Context, pressing: HTMLElement): HTMLElement {
  const goal = (made: HTMLElement): HTMLElement => [...made.querySelectorAll("article")].find(({ id }) => id === sought) ?? made;
  return later("openings", t().openings, () => openingsCard(context, pressing), context.left, goal);
}

async function openingsCard(context: Context, pressing: HTMLElement): Promise<HTMLElement> {
  const account = knownAccount(context);
  const found = await openingsOf(context, account);
  const now = new Date().toISOString();
  pressing.replaceChildren(...pressingNotice(found));
  const note = (id: `0x${string}`): Promise<void> =>
    attempt(async () => {
      await seen(id);
      sought = `opening-${id}`;
      await context.refresh("openings");
    });
  const more = account === null ? link(t().check, "#/readers/emergency") : link(t().read, "#/readers/emergency");
  return card(
    t().openings,
    ...(found.length === 0
      ? [empty(element("p", {}, t().never))]
      : [quiet(t().openingsHint), paged(t().openings, found, (one) => openingCard(one, now, note))]),
    element("p", { class: "quiet" }, ...(account === null ? [t().unchecked, " "] : []), more),
  );
}

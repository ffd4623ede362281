/** Hospitals: which know the patient, and what the desk of the one that serves this page asks for (W-69, W-94). */

import { acceptLink, checkLinkText, linkedSince, waitingLinks, type WaitingLink } from "../../core/links";
import { members } from "../../core/own_consents";
import { toldConsents } from "../../core/told_consents";
import { signText } from "../../core/wallets";
import { hospitals as t } from "../../text/hospitals";
import { isolated } from "../../text/isolated";
import { button, element } from "../../ui/dom";
import { day, name, number } from "../../ui/formats";
import { attempt, say } from "../../ui/messages";
import { badge, card, foldable, link, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { lookForDesks, whenNews } from "../news/unseen";
import { reading } from "../reading";
import { askedHere } from "./asked";
import { knownHospitals, type Known } from "./known";

export async function render(context: Context): Promise<HTMLElement> {
  const { network, left } = context;
  const [asked, since, all, shown] = await Promise.all([waitingLinks(), linkedSince(), members(), toldConsents(context.session)]);
  whenNews(() => void attempt(() => context.refresh()), left);
  const read = reading(context);
  const known = knownHospitals(network.member.address, all, read?.records ?? [], shown.filter(({ by }) => by !== "unchecked"));
  return element(
    "div",
    { id: "hospitals" },
    element("p", { class: "lead" }, t().lead),
    ...asked.map((one) => linkCard(one, context)),
    card(
      t().yours,
      element("ul", { class: "things" }, ...known.map((one) => hospital(one, since))),
      read === null ? element("p", { class: "quiet" }, t().unread, " ", link(t().toOverview, "#/overview")) : null,
    ),
    ...(asked.length > 0 ? [] : [deskCard(context)]),
    askedHere(context),
  );
}

function hospital({ name: called, here, records, consents: given, page }: Known, since: string | null): HTMLElement {
  const knows = !here ? t().elsewhere : since === null ? t().notLinked : t().linked(day(since));
  const counted = [records > 0 ? t().filed(number(records)) : "", given > 0 ? t().mayRead(number(given)) : ""].filter((words) => words !== "");
  const address = page !== null && page.startsWith("http") ? (page as `http${string}`) : null;
  return element(
    "li",
    {},
    element("p", { class: "thing" }, name(called), ...(here ? [" ", badge(t().here)] : [])),
    element("p", { class: "detail" }, knows),
    counted.length === 0 ? null : quiet(counted.join(" · ")),
    here || address === null ? null : quiet(element("a", { href: address, target: "_blank" }, t().ownPage)),
  );
}

function deskCard(context: Context): HTMLElement {
  const look = button(t().look, "plain", () => attempt(() => context.refresh()));
  const code = link(t().showCode, "#/emergency", "button");
  return card(
    t().desk,
    element("p", {}, element("strong", {}, t().none)),
    element("p", {}, t().noneHow),
    element("div", { class: "actions" }, code, look),
  );
}

function linkCard(one: WaitingLink, context: Context): HTMLElement {
  const { session, network } = context;
  const sign = button(t().sign, "primary", () =>
    attempt(async () => {
      checkLinkText(one, network);
      await acceptLink(one.ref, await signText(session.wallet, session.account, one.challenge));
      await Promise.all([context.refresh(), lookForDesks()]);
      say(t().signed);
    }),
  );
  return card(
    t().asks(isolated(network.member.name)),
    element("p", {}, t().means),
    foldable(t().text, element("pre", { lang: "en" }, one.challenge)),
    element("div", { class: "actions" }, sign),
  );
}

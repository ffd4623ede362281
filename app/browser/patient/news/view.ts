/** What is new for the patient, each until it was seen (W-64). */

import { call } from "../../core/api";
import { newsSeen, told, unseenOf, type News } from "../../core/news";
import { seen, type Notice } from "../../core/notices";
import type { Hex } from "../../layouts/bytes";
import { hospitals } from "../../text/hospitals";
import { isolated } from "../../text/isolated";
import { news as t } from "../../text/news";
import { button, element } from "../../ui/dom";
import { time } from "../../ui/formats";
import { attempt } from "../../ui/messages";
import { badge, empty, link, quiet } from "../../ui/parts";
import { paged } from "../../ui/paged";
import type { Context } from "../../ui/view";
import { noteUnseen, whenNews } from "./unseen";

interface Item {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly link: HTMLElement;
  readonly at: string | null;
  readonly fresh: boolean;
  /** Null for what is over by itself, or by a signature. */
  readonly see: (() => Promise<unknown>) | null;
}

export async function render(context: Context): Promise<HTMLElement> {
  const [found, names] = await Promise.all([told(), context.once("member-names", memberNames)]);
  noteUnseen(unseenOf(found));
  whenNews(() => void attempt(() => context.refresh()), context.left);
  const items = [
    ...(found.links > 0 ? [deskAsks(context)] : []),
    ...found.openings.map(opening),
    ...found.news.map((one) => WORDED[one.type](one, names)),
  ].sort(byTime);
  const fresh = items.filter((one) => one.fresh && one.see !== null);
  const all = button(t().allSeen, "plain", () => see(fresh, context));
  return element(
    "div",
    { id: "news-list" },
    element("p", { class: "lead" }, t().lead),
    ...(fresh.length > 1 ? [element("div", { class: "actions" }, all)] : []),
    items.length === 0 ? empty(element("p", {}, t().none)) : paged(t().list, items, (one) => drawn(one, context)),
  );
}

/** A desk waits; else unseen first, then the newest. */
const byTime = (one: Item, other: Item): number =>
  Number(other.see === null) - Number(one.see === null) ||
  Number(other.fresh) - Number(one.fresh) || (other.at ?? "").localeCompare(one.at ?? "");

function drawn(one: Item, context: Context): HTMLElement {
  const mark = one.fresh ? [badge(t().isNew, "warning")] : [];
  const act = one.fresh && one.see !== null ? [button(t().seen, "plain", () => see([one], context))] : [];
  return element(
    "article",
    { class: "card", id: one.id, ...(one.fresh && { "data-fresh": "" }) },
    element("header", {}, element("h2", {}, one.title), element("span", { class: "badges" }, ...mark)),
    ...(one.at === null ? [] : [quiet(time(one.at))]),
    element("p", {}, one.hint),
    element("div", { class: "actions" }, one.link, ...act),
  );
}

const see = (these: readonly Item[], context: Context): Promise<void> =>
  attempt(async () => {
    for (const one of these) await one.see?.();
    await context.refresh(these[0]?.id);
  });

const deskAsks = ({ network }: Context): Item => ({
  id: "news-link",
  title: hospitals().asks(isolated(network.member.name)),
  hint: hospitals().means,
  link: link(hospitals().toDesk, "#/hospitals"),
  at: null,
  fresh: true,
  see: null,
});

const opening = (one: Notice): Item => ({
  id: `news-${one.id}`,
  title: t().opening(isolated(one.member)),
  hint: t().openingHint,
  link: link(t().openingLink, "#/emergency"),
  at: one.openedAt,
  fresh: one.seenAt === null,
  see: () => seen(one.id),
});

const consent = (one: News, names: ReadonlyMap<Hex, string>): Item => ({
  ...common(one),
  title: t().consent(isolated(names.get(one.member) ?? one.member)),
  hint: t().consentHint,
  link: link(t().consentLink, "#/consents"),
});

const suspended = (one: News, names: ReadonlyMap<Hex, string>): Item => ({
  ...common(one),
  title: t().suspended(isolated(names.get(one.member) ?? one.member)),
  hint: t().suspendedHint,
  link: link(t().suspendedLink, "#/consents"),
});

const answered = (one: News, names: ReadonlyMap<Hex, string>): Item => ({
  ...common(one),
  title: t().answered(isolated(names.get(one.member) ?? one.member)),
  hint: t().answeredHint,
  link: link(t().answeredLink, "#/hospitals"),
});

const WORDED: Readonly<Record<News["type"], (one: News, names: ReadonlyMap<Hex, string>) => Item>> = {
  "consent-request": consent,
  "member-suspended": suspended,
  "petition-answered": answered,
};

const common = (one: News): Pick<Item, "id" | "at" | "fresh" | "see"> => ({
  id: `news-${one.id}`,
  at: one.at,
  fresh: one.seenAt === null,
  see: () => newsSeen(one),
});

async function memberNames(): Promise<ReadonlyMap<Hex, string>> {
  const { members } = await call<{ members: readonly { address: Hex; name: string }[] }>("GET", "/api/members");
  return new Map(members.map(({ address, name }) => [address, name]));
}

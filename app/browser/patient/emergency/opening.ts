/** Openings of the emergency summary in words: by whom, until when, what a third person found, and whether it holds. */

import type { Notice } from "../../core/notices";
import type { OpeningState } from "../../core/openings";
import type { Hex } from "../../layouts/bytes";
import { emergency as t } from "../../text/emergency";
import { isolated } from "../../text/isolated";
import { button, element } from "../../ui/dom";
import { list, moment, short } from "../../ui/formats";
import { badge, facts, foldable, notice, quiet, type Mood } from "../../ui/parts";

/** `told` is the gateway's word, null where only the account shows it; `mine` says whether its id is this patient's. */
export interface Shown {
  readonly id: Hex;
  readonly member: string;
  /** What that member calls the two, if this gateway is theirs. */
  readonly people: readonly string[];
  readonly told: Notice | null;
  readonly mine: boolean;
  readonly state: OpeningState;
}

const MOODS: Readonly<Record<OpeningState["status"], Mood>> = {
  unknown: "info", open: "danger", ended: "warning", closed: "warning", reviewed: "good",
};

function mood({ status, finding }: OpeningState): Mood {
  return finding === "unjustified" ? "danger" : MOODS[status];
}

/** What became of it, as the chain says now (`now` in ISO). */
export function stateWords({ status, finding, endsAt, reviewBy }: OpeningState, now: string): readonly string[] {
  if (status === "unknown") return [t().missing];
  if (status === "open") return [t().ends(moment(endsAt))];
  const ended = t().ended(moment(endsAt));
  if (finding !== null) return [ended, t().finding[finding]];
  return [ended, reviewBy <= now ? t().overdue(moment(reviewBy)) : t().due(moment(reviewBy))];
}

export function openingCard(one: Shown, now: string, seen: (id: Hex) => Promise<void>): HTMLElement {
  const { told, state, mine } = one;
  const fresh = told !== null && told.seenAt === null;
  const words = [
    ...(one.people.length === 0 ? [] : [t().people(list(one.people.map(isolated)), isolated(one.member))]),
    ...(told === null ? [t().elsewhere] : [t().opened(moment(told.openedAt))]),
    ...stateWords(state, now),
  ];
  const marks = [...(fresh ? [badge(t().isNew, "warning")] : []), badge(t().status[state.status], mood(state))];
  return element(
    "article",
    { class: "card", id: `opening-${one.id}`, "data-status": state.status, ...(fresh && { "data-fresh": "" }) },
    element("header", {}, element("h3", {}, t().openedBy(isolated(one.member))), element("span", { class: "badges" }, ...marks)),
    element("ul", { class: "words plain" }, ...words.map((line) => element("li", {}, line))),
    mine ? quiet(t().holds) : notice("danger", element("p", {}, t().false)),
    foldable(t().details, details(one)),
    ...(fresh ? [element("div", { class: "actions" }, button(t().seen, "primary", () => seen(one.id)))] : []),
  );
}

const details = ({ id, told }: Shown): HTMLElement =>
  facts(
    [t().fields.first, told === null ? null : short(told.first)],
    [t().fields.second, told === null ? null : short(told.second)],
    [t().fields.id, short(id)],
  );

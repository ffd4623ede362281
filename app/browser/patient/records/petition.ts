/** Asking the author of a record to correct or erase it; what was asked before, and the answers. */

import { ask, keptUntil, petitions, places, retention, type Asks, type Petition, type Retention } from "../../core/petitions";
import type { OpenRecord } from "../../core/reading";
import { petitionText as t } from "../../text/petitions";
import { whenBegunEnds } from "../../ui/begun";
import { button, element } from "../../ui/dom";
import { day, name, time } from "../../ui/formats";
import { attempt, say } from "../../ui/messages";
import { badge, card, foldable, freshId, notice, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { account } from "../people/account";
import { Problems } from "../people/form";

const MOST_CHARACTERS = "4000";

/** What was begun and not sent, in memory alone: no sign-in that ends and no other language costs it (W-121). */
interface Begun {
  readonly whose: string;
  readonly asks: Asks;
  readonly words: string;
}

let begun: Begun | null = null;
whenBegunEnds(() => (begun = null));

export async function petitionCard(record: OpenRecord, context: Context): Promise<HTMLElement> {
  const { network } = context;
  if (record.author.address !== network.member.address.toLowerCase()) return elsewhere(record);
  const [asked, law] = await Promise.all([petitions(), retention()]);
  const about = element("div");
  const draw = (found: readonly Petition[]): void => about.replaceChildren(...before(found, record));
  draw(asked.filter(({ record: one }) => one === record.header.recordId));
  const again = async (): Promise<void> => draw((await petitions()).filter(({ record: one }) => one === record.header.recordId));
  return card(t().title, element("p", {}, t().how), about, form(record, law, again, context));
}

async function elsewhere({ author, header }: OpenRecord): Promise<HTMLElement> {
  const place = (await places()).find(({ address }) => address.toLowerCase() === author.address)?.gateway ?? null;
  const known = place !== null && /^https?:\/\//.test(place);
  const way = known
    ? element("p", {}, element("a", { href: place as `http${string}` }, t().there), " ", quietly(place))
    : element("div", {}, element("p", {}, t().unknownThere), element("p", {}, account(header.recordId)));
  return card(t().title, element("p", {}, t().elsewhere(author.name)), way);
}

const quietly = (words: string): HTMLElement => element("span", { class: "quiet" }, words);

function form(record: OpenRecord, law: Retention, again: () => Promise<void>, { session, left }: Context): HTMLElement {
  const whose = `${session.account} ${session.patient} ${record.header.recordId}`;
  const before = begun?.whose === whose ? begun : null;
  const id = freshId();
  const hint = element("p", { class: "quiet", id: `${id}-hint` });
  const words = element("textarea", { id, rows: "4", maxlength: MOST_CHARACTERS, dir: "auto", "aria-describedby": `${id}-hint` });
  words.value = before?.words ?? "";
  const erasing = element("div", {}, ...meansOfErasing(record, law));
  let asks: Asks = before?.asks ?? "correct";
  const choose = (one: Asks): void => {
    asks = one;
    hint.textContent = t().wordsHow[one];
    erasing.hidden = one !== "erase";
  };
  choose(asks);
  const keep = (): void => {
    if (words.value.trim() !== "") begun = { whose, asks, words: words.value };
    else if (begun?.whose === whose) begun = null;
  };
  left.addEventListener("abort", keep, { once: true });
  const problems = new Problems();
  const send = button(t().send, "primary", () =>
    attempt(async () => {
      if (!problems.show(words.value.trim() === "" ? [t().missing] : [])) return words.focus();
      await ask(record, asks, words.value.trim());
      words.value = "";
      await again();
      say(t().sent);
    }),
  );
  const made = foldable(
    `${t().asks.correct} / ${t().asks.erase}`,
    choices(asks, choose),
    erasing,
    element("label", { for: id }, t().words),
    hint,
    words,
    problems.element,
    element("div", { class: "actions" }, send),
  );
  made.open = before !== null;
  return made;
}

function choices(chosen: Asks, choose: (asks: Asks) => void): HTMLElement {
  const group = freshId();
  const radio = (asks: Asks): HTMLElement => {
    const input = element("input", { type: "radio", name: group, value: asks, ...(asks === chosen && { checked: "" as const }) });
    input.addEventListener("change", () => choose(asks));
    return element("label", {}, input, " ", t().asks[asks]);
  };
  return element("fieldset", {}, element("legend", {}, t().what), radio("correct"), radio("erase"));
}

/** What the law says, and what it would mean. */
function meansOfErasing(record: OpenRecord, { jurisdiction, rules }: Retention): readonly HTMLElement[] {
  const kept = keptUntil(record, rules, Date.now() / 1000);
  const law = jurisdiction === null || rules.length === 0 ? t().noLaw : kept === null ? t().free : t().kept(day(kept.until), kept.source);
  return [
    notice(kept === null ? "info" : "warning", element("p", {}, law)),
    element("ul", {}, ...t().eraseMeans.map((line) => element("li", {}, line))),
  ];
}

const before = (found: readonly Petition[], { author }: OpenRecord): readonly HTMLElement[] =>
  found.length === 0 ? [] : [element("h3", {}, t().before), petitionList(found, author.name, () => null)];

/** What was asked of a hospital, with its answers; `about` says of which record, where that is not plain. */
export function petitionList(
  found: readonly Petition[],
  hospital: string,
  about: (one: Petition) => HTMLElement | null,
): HTMLElement {
  const items = found.map((one) =>
    element(
      "li",
      {},
      element("p", { class: "thing" }, t().asks[one.asks], " ", badge(t().state[one.state], one.state === "done" ? "good" : "info")),
      about(one),
      quiet(t().askedOn(day(one.askedAt))),
      element("p", { class: "detail" }, element("bdi", {}, one.words)),
      ...(one.answer === null || one.answeredAt === null
        ? []
        : [element("p", { class: "detail" }, name(hospital), ", ", time(one.answeredAt, day), ": ", element("bdi", {}, one.answer))]),
    ),
  );
  return element("ul", { class: "things" }, ...items);
}

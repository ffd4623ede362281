/** Mandates by which the signed-in account acts for others: from the gateway, or from a file that somebody gave. */

import { bringMandate, type KnownMandate } from "../../core/mandates";
import { readingPurpose } from "../../core/reading_session";
import type { Session } from "../../core/session";
import { LayoutError } from "../../layouts/errors";
import { didOf } from "../../core/letters";
import { allowing } from "../../text/allowing";
import { categoryWords } from "../../text/codes";
import { mandateLines } from "../../text/mandate_words";
import { mandates as t } from "../../text/mandates";
import { button, element } from "../../ui/dom";
import { list, time } from "../../ui/formats";
import { attempt, say } from "../../ui/messages";
import { card, facts, foldable, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { wordList } from "../consents/lines";
import { drawn } from "../unreadable";
import { account } from "./account";
import { allowUnder, canAllow } from "./allowing";
import { actUnder, categoriesOf } from "./behalf";
import { labelled, Problems } from "./form";

/** Those of files, in memory alone: no address and no gateway learns of them. */
const brought = new WeakMap<Session, readonly KnownMandate[]>();

export function heldCard(held: readonly KnownMandate[], context: Context): HTMLElement {
  const words = t().held;
  const files = brought.get(context.session) ?? [];
  const all = [...held, ...files.filter(({ id }) => !held.some((one) => one.id === id))];
  const now = all.filter(({ standing }) => standing === "active");
  return card(
    words.title,
    ...(now.length === 0 ? [] : [element("p", {}, words.lead)]),
    ...now.map((one) => drawn(() => shown(one, context), () => [account(didOf(one.mandate.patient, context.network.chainId))])),
    foldable(words.bring, ...bringing(context)),
  );
}

function shown(one: KnownMandate, context: Context): HTMLElement {
  const words = t().held;
  const { mandate } = one;
  const reads = readingPurpose(mandate) !== null;
  const open = button(words.read, "primary", async () => {
    actUnder(one, context.session);
    context.show("people", "behalf");
  });
  const allows = canAllow(one);
  const allow = button(allowing().open, "plain", async () => allowUnder(one, context));
  return element(
    "article",
    { class: "card", "data-status": one.standing },
    facts(
      [words.whose, account(didOf(mandate.patient, context.network.chainId))],
      [words.what, upper(list(categoriesOf(mandate).map(categoryWords)))],
      [words.until, time(mandate.validUntil)],
    ),
    foldable(words.said, wordList(mandateLines(mandate, reads ? "reads" : "grants-only"))),
    ...(reads ? [] : [quiet(words.grantsOnly)]),
    ...(allows ? [] : [quiet(allowing().only)]),
    element("div", { class: "actions" }, ...(reads ? [open] : []), ...(allows ? [allow] : [])),
  );
}

const upper = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);

function bringing(context: Context): HTMLElement[] {
  const { session, refresh } = context;
  const words = t().held;
  const file = element("input", { type: "file", accept: "application/json,.json" });
  const problems = new Problems();
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    if (chosen === undefined) return;
    void attempt(async () => {
      const found = await read(await chosen.text(), session);
      if (found === null) return void problems.show([words.bad]);
      if (found.standing !== "active") return void problems.show([words.over]);
      brought.set(session, [...(brought.get(session) ?? []).filter(({ id }) => id !== found.id), found]);
      await refresh();
      say(words.brought);
    });
  });
  return [labelled(words.bringFile, file), problems.element];
}

/** Null for a file that is none, or somebody else's. */
async function read(text: string, session: Session): Promise<KnownMandate | null> {
  try {
    return await bringMandate(text, session);
  } catch (error) {
    if (error instanceof LayoutError) return null;
    throw error;
  }
}

/** Representatives for a part: the mandates that the patient gave, each in words and as the chain has it, and their ending. */

import { mandateBytes, type KnownMandate } from "../../core/mandates";
import { readingPurpose } from "../../core/reading_session";
import { revokeEverywhere } from "../../core/revoking";
import { consents } from "../../text/consents";
import { directory } from "../../text/directory";
import { mandateLines } from "../../text/mandate_words";
import { mandates as t } from "../../text/mandates";
import { people } from "../../text/people";
import { ask } from "../../ui/dialog";
import { button, element } from "../../ui/dom";
import { name as shownName } from "../../ui/formats";
import { attempt, say } from "../../ui/messages";
import { badge, card, foldable, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { exactMandate } from "../consents/exact";
import { wordList } from "../consents/lines";
import { reach, renewAfter, tell } from "../consents/revoke";
import { drawn } from "../unreadable";
import type { Controls } from "./pending";
import { saveFile } from "./saving";
import { mandateForm } from "./scope";

export function mandatesCard(given: readonly KnownMandate[], controls: Controls, context: Context): HTMLElement {
  const words = t().given;
  const [now, over] = [given.filter(({ standing }) => standing === "active"), given.filter(({ standing }) => standing !== "active")];
  return card(
    words.title,
    element("p", {}, words.lead),
    element("ul", {}, ...words.means.map((line) => element("li", {}, line))),
    ...(now.length === 0 ? [element("div", { class: "empty" }, words.none)] : []),
    ...now.map((one) => entry(one, context)),
    ...(over.length === 0 ? [] : [foldable(words.ended(over.length), ...over.map((one) => entry(one, context)))]),
    ...(controls === "yes" ? [foldable(words.add, ...mandateForm(context))] : [quiet(people().representatives.onlyController)]),
  );
}

const endButton = (one: KnownMandate, context: Context): HTMLButtonElement =>
  button(people().representatives.stop, "plain", () => attempt(() => ended(one, context)));

/** What cannot be shown can be ended all the same: its id is enough for that. */
const entry = (one: KnownMandate, context: Context): HTMLElement =>
  drawn(
    () => shown(one, context),
    () => (one.standing === "active" ? [element("div", { class: "actions" }, endButton(one, context))] : []),
  );

function shown(one: KnownMandate, context: Context): HTMLElement {
  const { id, mandate, name, standing } = one;
  const words = t().given;
  const save = button(words.save, "plain", async () => saveFile(words.file, mandateBytes(mandate)));
  return element(
    "article",
    { class: "card", "data-status": standing },
    element(
      "header",
      {},
      element("h3", {}, name === "" ? people().representatives.unnamed : shownName(name)),
      badge(words.status[standing === "unknown" ? "expired" : standing], standing === "active" ? "good" : "info"),
    ),
    wordList(mandateLines(mandate, readingPurpose(mandate) === null ? "grants-only" : "reads")),
    exactMandate(mandate, id),
    ...(standing === "active" ? [element("div", { class: "actions" }, save, endButton(one, context))] : []),
  );
}

/** Every keeper is told at once, as of a consent; then the directory, as whoever read has its seeds. */
async function ended({ id }: KnownMandate, context: Context): Promise<void> {
  const { session } = context;
  const [words, beside] = [t().given, people().representatives];
  const renew = element("input", { type: "checkbox", checked: "" });
  const body = [
    element("p", {}, words.stopMeans),
    element("label", {}, renew, element("span", {}, directory().withRevocation)),
  ];
  if (!(await ask({ title: beside.stop, body, yes: beside.stopNow, look: "danger" }))) return;
  const told = (done: number, of: number): void => say(consents().acknowledging(done, of));
  const { acknowledged, of } = await revokeEverywhere({ id }, session, told);
  const done = [words.stopped, " ", consents().acknowledged(acknowledged, of, reach(acknowledged, of, session.network.threshold))];
  if ((await tell(done, context)) && renew.checked) await renewAfter(done, context);
}

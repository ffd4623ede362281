/** What the check came to: what holds, what does not, what is missing; and the file that proves it elsewhere. */

import type { AccountOfAccesses, Missing } from "../../core/account";
import type { Network } from "../../core/api";
import { seenThrough } from "../../core/endpoints";
import { isolated } from "../../text/isolated";
import { readers as t } from "../../text/readers";
import { button, element } from "../../ui/dom";
import { number } from "../../ui/formats";
import { say } from "../../ui/messages";
import { foldable, notice, quiet, type Mood } from "../../ui/parts";
import { missingWords } from "./words";

/** Whose word a gap is: false weighs more than missing, and a keeper that was not asked weighs nothing by itself. */
const kindOf = (one: Missing): Mood => (one.kind === "false" ? "danger" : one.kind === "untold" ? "warning" : "info");

export function verdict(found: AccountOfAccesses, network: Network): HTMLElement {
  const { receipts, roots, keepers, asked, head } = found.verified;
  const wrong = found.missing.filter((one) => kindOf(one) === "danger");
  const gaps = found.missing.filter((one) => kindOf(one) === "warning");
  const notes = found.missing.filter((one) => kindOf(one) === "info");
  const through = isolated(seenThrough(network));
  return element(
    "div",
    { id: "verdict", "data-verdict": wrong.length > 0 ? "false" : gaps.length > 0 ? "incomplete" : "holds" },
    ...group("danger", t().wrong, wrong),
    ...group("warning", t().gaps, gaps),
    notice(
      "good",
      element("p", {}, t().proven(number(receipts), number(keepers), number(asked))),
      quiet(t().provenHow(number(roots), number(head), through)),
    ),
    ...(notes.length === 0 ? [] : [foldable(t().remarks(notes.length), lines(notes))]),
  );
}

function group(mood: Mood, title: string, all: readonly Missing[]): HTMLElement[] {
  return all.length === 0 ? [] : [notice(mood, element("h2", {}, title), lines(all))];
}

const lines = (all: readonly Missing[]): HTMLElement =>
  element("ul", { class: "plain" }, ...all.map((one) => element("li", {}, missingWords(one))));

/** Hands the file to the browser; its name tells a day and nobody. */
export function saving({ file }: AccountOfAccesses): HTMLElement {
  const save = button(t().save, "plain", async () => {
    const day = new Date().toISOString().slice(0, 10);
    const address = URL.createObjectURL(new Blob([file], { type: "application/x-ndjson" }));
    const made = element("a", { href: address as `blob:${string}`, download: `consentry-account-${day}.jsonl` });
    made.click();
    // the download has begun by then; the bytes need not stay in memory twice
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    say(t().saved);
  });
  return element("div", { class: "actions" }, save, quiet(t().saveHint));
}

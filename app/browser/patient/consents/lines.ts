/** What a consent or a mandate says, with times as the reader's clock has them and accounts that can be compared. */

import { LayoutInvalid } from "../../layouts/errors";
import { secondsOf } from "../../layouts/times";
import { element, type Child } from "../../ui/dom";
import { zoned } from "../../ui/formats";
import { account } from "../people/account";

/** As the wording writes them (W-12): exact terms keep them so. */
const MARKED = /(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} UTC|0x[0-9a-f]{40}(?![0-9a-f]))/;

export const wordList = (lines: readonly string[]): HTMLElement =>
  element("ul", { class: "words" }, ...lines.map((line) => element("li", {}, ...readable(line))));

function readable(line: string): readonly Child[] {
  return line.split(MARKED).map((part) => {
    if (!MARKED.test(part)) return part;
    if (part.startsWith("0x")) return account(part);
    const iso = part.replace(" UTC", "Z").replace(" ", "T");
    return isTime(iso) ? element("time", { datetime: iso, title: part }, zoned(iso)) : part;
  });
}

/** Names stand in these lines as somebody chose them: what looks like a time need not be one. */
function isTime(iso: string): boolean {
  try {
    secondsOf(iso);
    return true;
  } catch (error) {
    if (error instanceof LayoutInvalid) return false;
    throw error;
  }
}

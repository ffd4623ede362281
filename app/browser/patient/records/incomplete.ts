/** What is technically not whole, said above what is shown. */

import type { Incomplete, Reading } from "../../core/reading";
import { records as t } from "../../text/records";
import { element } from "../../ui/dom";
import { list, number } from "../../ui/formats";
import { notice } from "../../ui/parts";

function words({ kind, hospital, count }: Incomplete): string {
  const said = t().incomplete[kind];
  const counted = count === undefined ? said : t().counted(said, number(count));
  return hospital === undefined ? counted : t().concerns(counted, hospital);
}

/** What is gone for good is no fault, and nothing to wait for. */
const isGone = ({ kind }: Incomplete): boolean => kind === "entry-erased";

/** Null if everything was read. */
export function incompleteNotice({ incomplete, lying }: Reading): HTMLElement | null {
  const [gone, lacking] = [incomplete.filter(isGone), incomplete.filter((one) => !isGone(one))];
  if (incomplete.length + lying.length === 0) return null;
  const told = gone.length === 0 ? null : notice("info", ...gone.map((one) => element("p", {}, words(one))));
  if (lacking.length + lying.length === 0) return told;
  const lines = lacking.map(words);
  if (lying.length > 0) lines.push(t().lying(list(lying.map(({ seat, host }) => `${number(seat + 1)} (${host})`))));
  const missing = notice(
    "warning",
    element("p", {}, element("strong", {}, t().incompleteTitle)),
    element("ul", {}, ...lines.map((line) => element("li", {}, line))),
  );
  return told === null ? missing : element("div", {}, missing, told);
}

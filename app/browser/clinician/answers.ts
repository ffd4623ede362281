/** What this person asked patients for and nobody has answered yet: the answer comes to the open page by itself (W-127). */

import * as clinic from "../core/clinic";
import type { Hex } from "../layouts/bytes";
import { clinicConsents as t } from "../text/clinic_consents";
import { say } from "../ui/messages";
import { until } from "./waiting";

const EVERY_MILLISECONDS = 4_000;
/** A patient who is here answers sooner; later the page is drawn anew anyway. */
const LONGEST_SECONDS = 3_600;
/** So many a desk lists at most (MOST of desk_proposals.py): what a full list lacks may just be older than the others. */
const LISTED = 200;

/**
 * Looks until all of `waiting`, or `left`, are over. At each answer `again` gives how things stand now, and `draw` shows it;
 * the page says what became of the one that was answered.
 */
export async function followAnswers(
  waiting: readonly Hex[],
  again: () => Promise<readonly clinic.DeskConsent[]>,
  draw: (now: readonly clinic.DeskConsent[]) => void,
  left: AbortSignal,
): Promise<void> {
  let watched = waiting;
  while (watched.length > 0) {
    const open = await until(() => changed(watched), LONGEST_SECONDS, left, EVERY_MILLISECONDS);
    if (open === null || left.aborted) return;
    const answered = watched.filter((id) => !open.includes(id));
    watched = watched.filter((id) => open.includes(id));
    const now = await again();
    if (left.aborted) return;
    draw(now);
    const found = now.find(({ id }) => id === answered[0]);
    if (found === undefined && now.length >= LISTED) continue;
    const { status } = found ?? { status: "declined" as const };
    if (status !== "proposed") say(t().answered[status]);
  }
}

/** What is open of all that this person asked for, once one of these is not. */
async function changed(watched: readonly Hex[]): Promise<readonly Hex[] | null> {
  const open = await clinic.unanswered();
  return watched.every((id) => open.includes(id)) ? null : open;
}

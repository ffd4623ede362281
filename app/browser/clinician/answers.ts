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
  // Of them, what was told as open last: only the newest are, so that what is not told may wait all the same.
  let told = waiting;
  const changed = async (): Promise<readonly Hex[] | null> => {
    const open = await clinic.unanswered();
    if (told.some((id) => !open.includes(id))) return open;
    told = watched.filter((id) => open.includes(id));
    return null;
  };
  while (watched.length > 0) {
    const open = await until(changed, LONGEST_SECONDS, left, EVERY_MILLISECONDS);
    if (open === null || left.aborted) return;
    const now = await again();
    if (left.aborted) return;
    draw(now);
    const gone = told.filter((id) => !open.includes(id));
    const answered = gone.map((id) => [id, became(id, now)] as const).filter(([, status]) => status !== "proposed");
    watched = watched.filter((id) => !answered.some(([one]) => one === id));
    told = watched.filter((id) => open.includes(id));
    const status = answered.map(([, one]) => one).find((one) => one !== null);
    if (status != null && status !== "proposed") say(t().answered[status]);
  }
}

/** What became of it by this list; null where the list is full, and it may just be older than what stands there. */
function became(id: Hex, now: readonly clinic.DeskConsent[]): clinic.DeskConsent["status"] | "declined" | null {
  const found = now.find((one) => one.id === id);
  if (found !== undefined) return found.status;
  return now.length >= LISTED ? null : "declined";
}

/** Openings end by themselves: an open page shows that, too (W-130). */

import type { ListedOpening } from "../core/clinic";

/** A device whose clock is ahead of the chain's asks again after that. */
const LEAST_MILLISECONDS = 15_000;

/** When one of these ends, `again` gives how they stand, and `draw` shows it; until none is open, or `left`. */
export async function followEnds(
  listed: readonly ListedOpening[],
  again: () => Promise<readonly ListedOpening[]>,
  draw: (now: readonly ListedOpening[]) => void,
  left: AbortSignal,
): Promise<void> {
  let now = listed;
  for (;;) {
    const ends = now.filter(({ stage }) => stage === "open").map(({ endsAt }) => Date.parse(endsAt));
    if (ends.length === 0) return;
    const first = Math.min(...ends) - Date.now();
    await pause(now === listed ? Math.max(first, 1_000) : Math.max(first, LEAST_MILLISECONDS), left);
    if (left.aborted) return;
    now = await again();
    if (left.aborted) return;
    draw(now);
  }
}

const pause = (milliseconds: number, left: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    left.addEventListener("abort", () => { clearTimeout(timer); done(); }, { once: true });
  });

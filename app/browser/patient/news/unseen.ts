/** How much is unseen, at the head of each page: heard of at once, for as long as the patient is signed in (W-64). */

import { watchUnseen } from "../../core/news";
import type { Session } from "../../core/session";
import { news as t } from "../../text/news";
import { byId } from "../../ui/dom";
import { endsSignIn } from "../../ui/messages";

let watched: { readonly session: Session; readonly stop: () => void } | null = null;
let unseen = 0;
const listeners = new Set<() => void>();

/** Draws the count in the page's language; listens for this session, and no more without one. */
export function drawUnseen(session: Session | null): void {
  if (watched?.session !== (session ?? undefined)) {
    watched?.stop();
    unseen = 0;
    watched = session === null ? null : { session, stop: watchUnseen(hear, endsSignIn) };
  }
  draw();
}

function hear(count: number): void {
  if (count === unseen) return;
  unseen = count;
  draw();
  for (const tell of listeners) tell();
}

/** What this page knows before the gateway says so. */
export function noteUnseen(count: number): void {
  unseen = count;
  draw();
}

/** Calls back when there is something new, until the signal. */
export function whenNews(tell: () => void, until: AbortSignal): void {
  listeners.add(tell);
  until.addEventListener("abort", () => listeners.delete(tell), { once: true });
}

function draw(): void {
  const shown = byId("news");
  shown.hidden = unseen === 0;
  shown.textContent = unseen === 0 ? "" : t().unseen(unseen);
}

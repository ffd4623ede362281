/** How much is unseen, and whether a desk waits for a signature, at the head of each page: heard of at once, for as long as the
 * patient is signed in (W-64, W-94). */

import { waitingLinks } from "../../core/links";
import { watchUnseen } from "../../core/news";
import type { Session } from "../../core/session";
import { hospitals } from "../../text/hospitals";
import { isolated } from "../../text/isolated";
import { news as t } from "../../text/news";
import { byId, element } from "../../ui/dom";
import { endsSignIn, note } from "../../ui/messages";
import { link, notice } from "../../ui/parts";
import { placeOf } from "../../ui/router";

let watched: { readonly session: Session; readonly stop: () => void } | null = null;
let unseen = 0;
let desks = 0;
const listeners = new Set<() => void>();

/** Draws the count in the page's language; listens for this session, and no more without one. */
export function drawUnseen(session: Session | null): void {
  if (watched?.session !== (session ?? undefined)) {
    watched?.stop();
    [unseen, desks] = [0, 0];
    watched = session === null ? null : { session, stop: watchUnseen(hear, endsSignIn) };
  }
  draw();
}

function hear(count: number): void {
  if (count === unseen) return;
  unseen = count;
  draw();
  void lookForDesks();
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

/** What is new may be a desk that waits: that stands above everything else, whatever page is open. */
export async function lookForDesks(): Promise<void> {
  const asking = watched;
  try {
    const waiting = unseen === 0 ? [] : await waitingLinks();
    if (asking !== watched) return;
    desks = waiting.length;
    draw();
  } catch (error) {
    // a gateway that is silent: the page finds out when it asks for more
    if (asking === watched && !endsSignIn(error)) note(error);
  }
}

function draw(): void {
  const shown = byId("news");
  shown.hidden = unseen === 0;
  shown.textContent = unseen === 0 ? "" : t().unseen(unseen);
  // on the page of hospitals the request itself stands
  const member = desks === 0 || placeOf(location.hash)?.route === "hospitals" ? null : watched?.session.network.member.name;
  byId("banner").replaceChildren(...(member ? [banner(member)] : []));
}

const banner = (member: string): HTMLElement =>
  notice("warning", element("p", {}, hospitals().banner(isolated(member))), link(hospitals().toDesk, "#/hospitals", "button"));

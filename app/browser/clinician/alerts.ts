/** What staff must not miss, at the head of each page: a colleague waits for this signature, or nothing works here any more. */

import { Problem } from "../core/api";
import * as clinic from "../core/clinic";
import type { Session } from "../core/session";
import type { Hex } from "../layouts/bytes";
import { alerts as t } from "../text/clinic_alerts";
import { isolated } from "../text/isolated";
import { byId, element } from "../ui/dom";
import { endsSignIn, note, whenRefused } from "../ui/messages";
import { link, notice } from "../ui/parts";
import { placeOf } from "../ui/router";

/** Somebody may be dying while a colleague waits. */
const EVERY_MILLISECONDS = 4_000;
/** How a member stands is looked for once a minute, and as soon as something tells that it may have changed. */
const STANDING_TURNS = 15;
/** What the own gateway and the keepers say to people whose member is suspended or who are staff no more. */
const TELLS_OF_STANDING: readonly string[] = ["member-suspended", "member-expelled", "role-unfit", "actor-unknown"];
/** Where the request itself stands. */
const HERE: readonly string[] = ["desk", "emergency"];

interface Seen {
  readonly toSign: readonly Hex[];
  readonly standing: clinic.Standing | "unfit";
}

const NOTHING: Seen = { toSign: [], standing: "active" };

let watched: { readonly session: Session; readonly over: AbortController } | null = null;
let seen = NOTHING;
const listeners = new Set<(toSign: readonly Hex[]) => void>();

/** Draws in the page's language; looks for as long as this session lasts. */
export function drawAlerts(session: Session | null): void {
  if (watched?.session !== (session ?? undefined)) {
    watched?.over.abort();
    seen = NOTHING;
    watched = session === null ? null : { session, over: new AbortController() };
    if (watched !== null) void watch(watched.session, watched.over.signal);
  }
  draw();
}

/** Calls back at each look with the openings that wait for this person's signature, until the signal. */
export function whenToSign(tell: (toSign: readonly Hex[]) => void, until: AbortSignal): void {
  listeners.add(tell);
  until.addEventListener("abort", () => listeners.delete(tell), { once: true });
}

async function watch({ network }: Session, over: AbortSignal): Promise<void> {
  let turn = 0;
  let asked = false;
  let wake = (): void => {};
  const soon = (): void => {
    turn = 0;
    asked = true;
    wake();
  };
  whenRefused((code) => TELLS_OF_STANDING.includes(code) && soon());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && soon(), { signal: over });
  for (;;) {
    asked = false;
    try {
      const due = turn % STANDING_TURNS === 0;
      turn += 1;
      const standing = due ? await clinic.standingOf(network.member.address) : seen.standing;
      const { second } = await clinic.waitingIds();
      if (over.aborted) return;
      hear({ toSign: second, standing });
      for (const tell of listeners) tell(second);
    } catch (error) {
      if (over.aborted || endsSignIn(error)) return;
      if (error instanceof Problem && error.code === "role-unfit") hear({ toSign: [], standing: "unfit" });
      else note(error); // a gateway that is silent: the page finds out when it asks for more
      asked = false; // what a look itself is told must not begin the next at once
    }
    if (!asked) {
      await new Promise<void>((done) => {
        wake = done;
        setTimeout(done, EVERY_MILLISECONDS);
      });
      wake = () => {};
    }
    if (over.aborted) return;
  }
}

/** Read out where it is new. */
function hear(now: Seen): void {
  const before = seen;
  seen = now;
  if (before.toSign.length !== now.toSign.length || before.standing !== now.standing) draw();
}

function draw(): void {
  const member = watched?.session.network.member.name;
  const elsewhere = !HERE.includes(placeOf(location.hash)?.route ?? "desk");
  const lines = [
    member === undefined || seen.standing === "active" ? null : notice("danger", element("p", {}, standing(member, seen.standing))),
    elsewhere && seen.toSign.length > 0 ? request(seen.toSign.length) : null,
  ];
  byId("banner").replaceChildren(...lines.filter((line) => line !== null));
}

const standing = (member: string, how: Exclude<Seen["standing"], "active">): string =>
  how === "unfit" ? t().unfit : t()[how](isolated(member));

const request = (count: number): HTMLElement =>
  notice("warning", element("p", {}, t().toSign(count)), link(t().seeIt, "#/emergency", "button"));

/** Openings that a colleague has signed and that wait for this person's signature. */

import { Mismatch } from "../core/checks";
import * as clinic from "../core/clinic";
import { openingToSign } from "../core/clinic_checks";
import { signAndSend } from "../core/signed_once";
import type { Hex } from "../layouts/bytes";
import type { Opening } from "../layouts/openings";
import { emergency as t } from "../text/clinic_emergency";
import { button, byId, element } from "../ui/dom";
import { time } from "../ui/formats";
import { attempt, goTo, say } from "../ui/messages";
import { card, facts, notice } from "../ui/parts";
import type { Context } from "../ui/view";
import { whenToSign } from "./alerts";
import { accountOf } from "./dids";
import { called, person } from "./people";
import { until } from "./waiting";

/** How long a half-signed opening waits (RELAY_SECONDS of the gateway). */
const WAIT_SECONDS = 900;

/** The id of an opening's part of the emergency page: where whoever has just opened it goes on. */
export const openingPlace = (id: Hex): string => `opening-${id}`;

/** What a colleague signs while the page is open comes here by itself, and what waits no longer goes. */
export function waitingPlace(
  halves: readonly clinic.HalfSigned[],
  staff: readonly clinic.Colleague[],
  context: Context,
): HTMLElement {
  const asked = new Map<Hex, HTMLElement>();
  const known = new Set(halves.map(({ id }) => id));
  const drawn = (half: clinic.HalfSigned): HTMLElement => {
    const opening = checked(half, context);
    if (opening === null) return falseCard();
    if (opening.first === context.session.account) return ownCard(half, opening, staff, context);
    const made = askedCard(half, opening, staff, context);
    asked.set(half.id, made);
    return made;
  };
  const place = element("div", { "aria-live": "polite" }, ...halves.map(drawn));
  // What is not there yet, or was taken for gone by an answer from before it was signed, is looked for again the next time.
  const look = async (toSign: readonly Hex[]): Promise<void> => {
    for (const [id, card] of asked) if (!toSign.includes(id) && leave(id, card, asked)) known.delete(id);
    if (toSign.every((id) => known.has(id))) return;
    const now = await clinic.waiting();
    if (context.left.aborted) return;
    const fresh = now.filter(({ id }) => toSign.includes(id) && !known.has(id));
    for (const { id } of fresh) known.add(id);
    place.append(...fresh.map(drawn));
  };
  whenToSign((toSign) => void attempt(() => look(toSign)), context.left);
  return place;
}

/** Taken back, or over: whether it went. What is being signed just now tells its own end. */
function leave(id: Hex, card: HTMLElement, asked: Map<Hex, HTMLElement>): boolean {
  if (card.querySelector("[aria-busy]") !== null) return false;
  const here = card.contains(document.activeElement);
  asked.delete(id);
  card.remove();
  if (here) goTo(byId("page-title"));
  if (byId("problem").childElementCount === 0) say(t().declined);
  return true;
}

/** Null for one that is not what it says it is: the others are shown all the same. */
function checked(half: clinic.HalfSigned, { network }: Context): Opening | null {
  try {
    const { opening } = openingToSign(half, network);
    return accountOf(half.patient) === opening.subject.patient ? opening : null;
  } catch (error) {
    if (error instanceof Mismatch) return null;
    throw error;
  }
}

const falseCard = (): HTMLElement => card(t().false, notice("danger", t().falseHow));

/** What this person has signed: it waits for the other's device, also after a reload. */
function ownCard(
  half: clinic.HalfSigned,
  opening: Opening,
  staff: readonly clinic.Colleague[],
  context: Context,
): HTMLElement {
  const back = button(t().takeBack, "plain", () => attempt(() => clinic.decline(half.id)));
  const turning = element("progress", { "aria-label": t().waits });
  void attempt(async () => {
    try {
      await answered(half.id, context);
    } finally {
      turning.remove();
    }
  });
  return card(
    t().waits,
    element("p", {}, t().waitsHow(called(opening.second, staff))),
    facts([t().patient, element("code", { class: "hash" }, half.patient)], [t().until, time(opening.openUntil)]),
    turning,
    element("div", { class: "actions" }, back),
  );
}

/** Waits for the second: afterwards it is open, or it was declined or taken back, or nobody answered. */
async function answered(id: Hex, context: Context): Promise<void> {
  await until(() => gone(id), WAIT_SECONDS, context.left);
  if (context.left.aborted) return;
  const open = (await clinic.openings()).some((one) => one.id === id);
  await context.refresh(open ? openingPlace(id) : undefined);
  say(open ? t().opened : t().declined);
}

async function gone(id: Hex): Promise<true | null> {
  return (await clinic.waitingIds()).first.includes(id) ? null : true;
}

function askedCard(
  half: clinic.HalfSigned,
  opening: Opening,
  staff: readonly clinic.Colleague[],
  context: Context,
): HTMLElement {
  const sign = button(t().sign, "danger", () => attempt(() => countersign(half, context)));
  const decline = button(t().decline, "plain", () =>
    attempt(async () => {
      await clinic.decline(half.id);
      await context.refresh();
      say(t().declinedNow);
    }),
  );
  return card(
    t().yours,
    element("p", {}, t().yoursHow(called(opening.first, staff))),
    facts(
      [t().patient, element("code", { class: "hash" }, half.patient)],
      [t().first, person(opening.first, staff)],
      [t().until, time(opening.openUntil)],
    ),
    element("div", { class: "actions" }, sign, decline),
  );
}

async function countersign(half: clinic.HalfSigned, context: Context): Promise<void> {
  const { session, network } = context;
  await signAndSend(
    `countersign ${half.id}`,
    session,
    async () => ({ data: openingToSign(half, network).typedData, body: {} }),
    ({ signature }) => clinic.countersign(half.id, signature),
  );
  context.show("emergency", undefined, openingPlace(half.id));
  await context.refresh(openingPlace(half.id));
  say(t().opened);
}

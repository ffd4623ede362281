/** Emergency openings: beginning one, what waits for a second signature, reading, closing, reviewing. */

import * as clinic from "../core/clinic";
import { closingToSign, reviewToSign } from "../core/clinic_checks";
import { signAndSend } from "../core/signed_once";
import type { Hex } from "../layouts/bytes";
import { emergency as t } from "../text/clinic_emergency";
import { patient as p } from "../text/clinic_patient";
import { reading as r } from "../text/clinic_reading";
import { ask } from "../ui/dialog";
import { button, element } from "../ui/dom";
import { short, time } from "../ui/formats";
import { attempt, goTo, say } from "../ui/messages";
import { badge, card, empty, facts, notice, quiet, type Mood } from "../ui/parts";
import type { Context } from "../ui/view";
import { chosen } from "./chosen";
import { openingPlace, waitingPlace } from "./countersigning";
import { followEnds } from "./ends";
import { openingCard } from "./opening";
import { colleagues, person } from "./people";
import { read } from "./reading";
import { shown, spelledOut } from "./shown";

const PURPOSE = "ETREAT";
const MOODS: Readonly<Record<clinic.Stage, Mood>> = { open: "danger", "review-due": "warning", overdue: "danger" };

export async function render(context: Context): Promise<HTMLElement> {
  const [staff, halves, listed] = await Promise.all([colleagues(context), clinic.waiting(), clinic.openings()]);
  const place = new Place(context.left);
  const begin = await openingCard(staff, context);
  const drawn = (now: readonly clinic.ListedOpening[]): HTMLElement =>
    card(
      t().list,
      element("p", {}, t().listHow),
      ...(now.length === 0 ? [empty(element("p", {}, t().none))] : inOrder(now, context.session.account).map((one) => line(one, staff, place, context))),
    );
  const list = element("div", {}, drawn(listed));
  const show = (now: readonly clinic.ListedOpening[]): void => {
    list.replaceChildren(drawn(now));
    place.keepUp(now);
  };
  void attempt(() => followEnds(listed, clinic.openings, show, context.left));
  // Whoever is in a hurry either reads what is open for them, or begins.
  const reads = listed.some(({ stage, first, second }) => stage === "open" && [first, second].includes(context.session.account));
  const lists = reads ? [list, begin] : [begin, list];
  return element("div", {}, waitingPlace(halves, staff, context), place.element, ...lists);
}

/** What this person reads under comes first, the newest before all: in a hurry whatever stands first is pressed, and it may be of
 * somebody else. Not the one that ends last: they are opened for 15 minutes or for two hours. */
function inOrder(listed: readonly clinic.ListedOpening[], account: Hex): readonly clinic.ListedOpening[] {
  const reads = ({ stage, first, second }: clinic.ListedOpening): boolean => stage === "open" && [first, second].includes(account);
  const newest = listed.filter(reads).sort((one, other) => (other.openedAt ?? "").localeCompare(one.openedAt ?? ""));
  return [...newest, ...listed.filter((one) => !reads(one))];
}

/** Where one opening's summary is shown. Asking for another ends the reading before, so that what is last asked for stands here. */
class Place {
  readonly element = element("div", { id: "opened" });
  private turn = new AbortController();
  private of: clinic.ListedOpening | null = null;

  constructor(private readonly left: AbortSignal) {}

  /** Empty, for the next one: until then. */
  next(of: clinic.ListedOpening | null = null): AbortSignal {
    this.turn.abort();
    this.turn = new AbortController();
    this.of = of;
    this.element.replaceChildren();
    return AbortSignal.any([this.left, this.turn.signal]);
  }

  /** What stands here under an opening that is over says so. */
  keepUp(now: readonly clinic.ListedOpening[]): void {
    const { of } = this;
    if (of === null || this.element.childElementCount === 0) return;
    if (now.some(({ id, stage }) => id === of.id && stage === "open")) return;
    this.of = null;
    this.element.firstElementChild?.after(notice("danger", element("p", {}, t().overNow)));
  }
}

function line(
  one: clinic.ListedOpening,
  staff: readonly clinic.Colleague[],
  place: Place,
  context: Context,
): HTMLElement {
  const mine = [one.first, one.second].includes(context.session.account);
  return element(
    "article",
    { class: "opening", id: openingPlace(one.id), "data-stage": one.stage, "data-id": one.id },
    element("p", {}, badge(t().stage[one.stage], MOODS[one.stage])),
    facts(
      [t().patient, one.patient === null ? t().elsewhere : short(one.patient)],
      [t().first, person(one.first, staff)],
      [t().other, person(one.second, staff)],
      [t().until, time(one.endsAt)],
      [t().reviewBy, one.stage === "open" ? null : time(one.reviewBy)],
    ),
    one.stage === "open" ? whileOpen(one, staff, place, context) : whenOver(one, mine, staff, context),
  );
}

function whileOpen(
  one: clinic.ListedOpening,
  staff: readonly clinic.Colleague[],
  place: Place,
  context: Context,
): HTMLElement {
  const mine = [one.first, one.second].includes(context.session.account);
  const look = button(t().read, "primary", () =>
    attempt(async () => {
      const another = place.next(one);
      const found = await read({ patient: "emergency", purpose: PURPOSE, opening: one.id }, context, another);
      another.throwIfAborted();
      say(); // what failed before has succeeded
      const title = element("h2", {}, t().reading);
      const known = await chosen(context);
      const number = known !== null && known.did === one.patient ? (known.number ?? null) : null;
      const whose = facts([p().number, number], [t().patient, one.patient === null ? null : short(one.patient)]);
      const hide = button(t().hide, "plain", async () => void place.next());
      const sensitive = notice("info", element("p", {}, t().sensitive));
      const parts = [quiet(r().asOf, " ", time(found.at)), sensitive, shown(found, context, () => null), ...spelledOut(found.records)];
      place.element.replaceChildren(title, whose, ...parts, element("div", { class: "actions" }, hide));
      goTo(title);
    }),
  );
  const close = button(t().close, "plain", () => attempt(() => closeNow(one, staff, context)));
  return element("div", { class: "actions" }, ...(mine && one.patient !== null ? [look] : []), close);
}

async function closeNow(one: clinic.ListedOpening, staff: readonly clinic.Colleague[], context: Context): Promise<void> {
  const { id, first, second } = one;
  const { session, network } = context;
  if (![first, second].includes(session.account)) {
    const whose = facts([t().first, person(first, staff)], [t().other, person(second, staff)]);
    const question = { title: t().closeOthers, body: [element("p", {}, t().closeOthersHow), whose], yes: t().close, look: "danger" } as const;
    if (!(await ask(question))) return;
  }
  await signAndSend(
    `close ${id}`,
    session,
    async () => ({
      data: closingToSign((await clinic.closing(id)).typedData, session.account, id, network),
      body: {},
    }),
    ({ signature }) => clinic.close(id, signature),
  );
  await context.refresh();
  say(t().closed);
}

function whenOver(one: clinic.ListedOpening, mine: boolean, staff: readonly clinic.Colleague[], context: Context): HTMLElement {
  if (mine) return quiet(t().notYours);
  const sign = (finding: clinic.Finding, words: string): HTMLElement =>
    button(words, "plain", () => attempt(() => reviewNow(one, finding, words, staff, context)));
  return element(
    "div",
    {},
    element("p", {}, t().reviewHow),
    element(
      "div",
      { class: "actions" },
      sign("justified", t().justified),
      sign("unjustified", t().unjustified),
    ),
  );
}

async function reviewNow(
  { id, patient, first, second, endsAt }: clinic.ListedOpening,
  finding: clinic.Finding,
  words: string,
  staff: readonly clinic.Colleague[],
  context: Context,
): Promise<void> {
  const which = facts(
    [t().patient, patient === null ? t().elsewhere : short(patient)],
    [t().first, person(first, staff)],
    [t().other, person(second, staff)],
    [t().until, time(endsAt)],
  );
  if (!(await ask({ title: t().sure, body: [element("p", {}, t().sureHow), which], yes: words }))) return;
  const { session, network } = context;
  await signAndSend(
    `review ${id} ${finding}`,
    session,
    async () => ({
      data: reviewToSign((await clinic.reviewing(id, finding)).typedData, session.account, id, finding, network),
      body: {},
    }),
    ({ signature }) => clinic.review(id, finding, signature),
  );
  await context.refresh();
  say(t().reviewed);
}

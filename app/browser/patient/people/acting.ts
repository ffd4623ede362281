/** For whom this wallet is signed in, and for whom else it may act. */

import type { Clock } from "../../core/chain";
import { finishRecovery, identities, type Held } from "../../core/identity";
import { accountOf, didOf } from "../../core/letters";
import { LayoutInvalid } from "../../layouts/errors";
import { people } from "../../text/people";
import { button, element } from "../../ui/dom";
import { moment } from "../../ui/formats";
import { attempt, endsSignIn, note, say } from "../../ui/messages";
import { card, foldable, notice, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { account, accountField } from "./account";
import { labelled, Problems } from "./form";
import { drawn } from "../unreadable";
import { goOnAs } from "./going_on";
import type { Controls } from "./pending";

/** `clock`: by which a recovery may be finished, the chain's. */
export function actingCard(clock: Clock, controls: Controls, context: Context): HTMLElement {
  const { session, network } = context;
  const words = people().acting;
  const own = session.patient === session.account;
  const did = didOf(session.patient, network.chainId);
  const back = button(controls === "yes" ? words.leave : words.own, "plain", () => attempt(() => context.act(null)));
  return card(
    words.title,
    own ? element("p", {}, words.self) : notice("warning", element("p", {}, controls === "yes" ? words.controls : words.notSelf), actions(back)),
    element("p", {}, account(did)),
    othersPlace(clock, context),
    foldable(words.openOther, ...byDid(context)),
  );
}

const actions = (...these: readonly HTMLElement[]): HTMLElement => element("div", { class: "actions" }, ...these);

/** Filled in when they come: strangers can make this list long, and the page waits for nothing of theirs (W-134). */
function othersPlace(clock: Clock, context: Context): HTMLElement {
  const place = element("div", {});
  const words = people().acting;
  identities().then(({ held, more }) => {
    if (context.left.aborted) return;
    const others = drawn(() => element("div", {}, ...otherIdentities(held, clock, context)));
    place.replaceChildren(
      ...(others.hasChildNodes() ? [element("p", {}, words.others), quiet(words.anybody), others] : []),
      ...(more ? [element("p", {}, words.more)] : []),
    );
  }).catch((error: unknown) => {
    if (endsSignIn(error)) return;
    place.replaceChildren(quiet(words.unasked));
    note(error);
  });
  return place;
}

/** Each with the way to go on as it. */
function otherIdentities(held: readonly Held[], clock: Clock, context: Context): readonly HTMLElement[] {
  const did = didOf(context.session.patient, context.network.chainId);
  return held.filter((one) => one.did.toLowerCase() !== did).map((one) => other(one, clock, context));
}

function other(one: Held, clock: Clock, context: Context): HTMLElement {
  const words = people().acting;
  const open = button(one.how === "controller" ? words.goOn : words.open, "primary", () =>
    attempt(() => goOnAs(one.did, context)),
  );
  const finish = button(words.finish, "primary", () =>
    attempt(async () => {
      await finishRecovery(one.did);
      await context.refresh();
      say(words.finished);
    }),
  );
  const wait = one.from === null ? 0 : Date.parse(one.from) - clock.now() * 1000;
  const action = one.how === "recovery" ? finish : open;
  if (wait > 0) later(wait, context);
  return element(
    "article",
    { class: "card" },
    account(one.did),
    quiet(words.how[one.how]),
    ...(one.how === "recovery" && one.from !== null ? [element("p", {}, wait <= 0 ? words.due : words.from(moment(one.from)))] : []),
    ...(wait > 0 ? [] : [actions(action)]),
  );
}

const LONGEST_MILLISECONDS = 3_600_000;
/** The chain's clock may be behind this one by a block. */
const AFTER_MILLISECONDS = 2_000;

/** Draws the page anew when the time has come, if the reader is still there. */
function later(wait: number, { left, refresh }: Context): void {
  const timer = setTimeout(() => void attempt(() => refresh()), Math.min(wait + AFTER_MILLISECONDS, LONGEST_MILLISECONDS));
  left.addEventListener("abort", () => clearTimeout(timer));
}

/** Named elsewhere, the gateway cannot know: then the person's DID says for whom. */
function byDid(context: Context): HTMLElement[] {
  const words = people().acting;
  const field = accountField();
  const problems = new Problems();
  const open = button(words.open, "primary", () =>
    attempt(async () => {
      try {
        const named = accountOf(field.value, context.network.chainId);
        problems.show([]);
        await goOnAs(didOf(named, context.network.chainId), context);
      } catch (error) {
        if (!(error instanceof LayoutInvalid)) throw error;
        problems.show([words.bad]);
      }
    }),
  );
  return [labelled(words.other, field, words.otherHint), problems.element, actions(open)];
}

/** The people around a patient: representatives, guardians, whom this wallet acts for, and what is pending. */

import { identity } from "../../core/identity";
import { mandates, type Mandates } from "../../core/mandates";
import { signingClock } from "../../core/signing_clock";
import { mandates as words } from "../../text/mandates";
import { people } from "../../text/people";
import { element } from "../../ui/dom";
import { isEnding, note, wordsOf } from "../../ui/messages";
import { card, notice } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { drawn } from "../unreadable";
import { actingCard } from "./acting";
import { allowingPage } from "./allowing";
import { behalfPage } from "./behalf";
import { guardiansCard } from "./guardians";
import { guardingCard } from "./guarding";
import { heldCard } from "./held";
import { lostCard } from "./lost";
import { mandatesCard } from "./mandates";
import { pendingNotice } from "./pending";
import { representativesCard } from "./representatives";

export async function render(context: Context): Promise<HTMLElement> {
  const behalf = context.part === "behalf" ? behalfPage(context) : null;
  if (behalf !== null) return behalf;
  const allowing = context.part === "allowing" ? await allowingPage(context) : null;
  if (allowing !== null) return allowing;
  const [state, byMandate, clock] = await Promise.all([
    identity(context.session), told(context), signingClock(context.network),
  ]);
  const controls = state.controller === context.session.account ? "yes" : "no";
  return element(
    "div",
    {},
    ...pendingNotice(state, controls, context),
    ...(state.gateway === "differs" ? [notice("warning", element("p", {}, people().differs))] : []),
    representativesCard(state, controls, context),
    ...(byMandate instanceof HTMLElement ? [byMandate] : [drawn(() => mandatesCard(byMandate.given, controls, context))]),
    guardiansCard(state, controls, context),
    actingCard(clock, controls, context),
    ...(byMandate instanceof HTMLElement ? [] : [drawn(() => heldCard(byMandate.held, context))]),
    guardingCard(context),
    lostCard(context),
  );
}

/** Whoever names this account in a mandate may fill that list: where it fails, a pending recovery is shown all the same. */
async function told({ session }: Context): Promise<Mandates | HTMLElement> {
  try {
    return await mandates(session);
  } catch (error) {
    if (isEnding(error)) throw error;
    note(error);
    return card(words().given.title, notice("warning", ...wordsOf(error)));
  }
}

/** The people around a patient: representatives, guardians, whom this wallet acts for, and what is pending. */

import { identities, identity } from "../../core/identity";
import { mandates } from "../../core/mandates";
import { people } from "../../text/people";
import { element } from "../../ui/dom";
import { notice } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { actingCard } from "./acting";
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
  const [state, held, byMandate] = await Promise.all([identity(context.session), identities(), mandates(context.session)]);
  const controls = state.controller === context.session.account ? "yes" : "no";
  return element(
    "div",
    {},
    ...pendingNotice(state, controls, context),
    ...(state.gateway === "differs" ? [notice("warning", element("p", {}, people().differs))] : []),
    representativesCard(state, controls, context),
    mandatesCard(byMandate.given, controls, context),
    guardiansCard(state, controls, context),
    actingCard(held, context),
    heldCard(byMandate.held, context),
    guardingCard(context),
    lostCard(context),
  );
}

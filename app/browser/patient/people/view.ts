/** The people around a patient: representatives, guardians, whom this wallet acts for, and what is pending. */

import { identities, identity } from "../../core/identity";
import { element } from "../../ui/dom";
import type { Context } from "../../ui/view";
import { actingCard } from "./acting";
import { guardiansCard } from "./guardians";
import { guardingCard } from "./guarding";
import { lostCard } from "./lost";
import { pendingNotice } from "./pending";
import { representativesCard } from "./representatives";

export async function render(context: Context): Promise<HTMLElement> {
  const [state, held] = await Promise.all([identity(), identities()]);
  const controls = state.controller === context.session.account ? "yes" : "no";
  return element(
    "div",
    {},
    ...pendingNotice(state, controls, context),
    representativesCard(state, controls, context),
    guardiansCard(state, controls, context),
    actingCard(held, context),
    guardingCard(context),
    lostCard(context),
  );
}

/** Before a wallet goes on as an identity that names it: whoever handed it over may act for it still, and read what comes to it (W-133). */

import { identityState, type IdentityState } from "../../core/identity_state";
import { accountOf } from "../../core/letters";
import { people } from "../../text/people";
import { ask } from "../../ui/dialog";
import { element } from "../../ui/dom";
import { moment } from "../../ui/formats";
import { facts, notice } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { account } from "./account";

/** Throws LayoutInvalid for what is no DID of this network, Problem chain-unreachable: then nobody goes on. */
export async function goOnAs(did: string, context: Context): Promise<void> {
  const { session, network, left } = context;
  const identity = accountOf(did, network.chainId);
  if (identity !== session.account) {
    const state = await identityState(identity, network);
    if (left.aborted || (state.controller === session.account && !(await sure(did, state)))) return;
  }
  await context.act(did);
}

function sure(did: string, state: IdentityState): Promise<boolean> {
  const words = people().acting.before;
  const { representatives, guardians, recovery } = state;
  const named = representatives.filter((one) => one.account !== state.controller).map((one) =>
    element("li", {}, account(one.account), " ", people().representatives.until(moment(one.until))),
  );
  const guards = [guardians.commitment, guardians.nextCommitment].filter((one) => one !== null);
  const body = [
    notice("warning", element("p", {}, words.stranger)),
    facts(
      [words.did, account(did)],
      [words.actsToo, named.length === 0 ? words.nobody : element("ul", {}, ...named)],
      [words.guards, guards.length === 0 ? words.nobody : element("div", {}, words.guarded, ...guards.map((one) => account(one)))],
      [words.taken, recovery.newOwner === null ? null : account(recovery.newOwner)],
    ),
    element("p", {}, words.more),
  ];
  return ask({ title: words.title, body, yes: words.yes });
}

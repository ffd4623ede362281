/**
 * Before a wallet goes on as an identity that names it: whoever handed it over may act for it still, and read what comes to it
 * (W-133). One of which it is a representative may be handed over later, when nobody asks any more.
 */

import { identityState, type IdentityState } from "../../core/identity_state";
import { accountOf } from "../../core/letters";
import type { Hex } from "../../layouts/bytes";
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
  if (identity === session.account) return context.act(did);
  let shown = "";
  /** Whether the reader knows it as it is now: it may change while they think, then it is shown once more. */
  const known = async (): Promise<boolean> => {
    for (;;) {
      const state = await identityState(identity, network);
      if (JSON.stringify(state) === shown) return true;
      if (left.aborted || !(await sure(did, state, session.account))) return false;
      shown = JSON.stringify(state);
    }
  };
  if (!(await known()) || left.aborted) return;
  await context.act(did, async () => {
    // a wallet takes its time to sign
    if (!(await known())) throw new DOMException("not gone on as", "AbortError");
  });
}

function sure(did: string, state: IdentityState, self: Hex): Promise<boolean> {
  const words = people().acting.before;
  const { controller, representatives, guardians, recovery } = state;
  const own = controller === self;
  const named = representatives.filter(({ account: one }) => one !== controller && one !== self).map((one) =>
    element("li", {}, account(one.account), " ", people().representatives.until(moment(one.until))),
  );
  const guards = [guardians.commitment, guardians.nextCommitment].filter((one) => one !== null);
  const body = [
    notice("warning", element("p", {}, own ? words.stranger : words.another)),
    facts(
      [words.did, account(did)],
      [words.controls, own ? null : account(controller)],
      [words.actsToo, named.length === 0 ? words.nobody : element("ul", {}, ...named)],
      [words.guards, guards.length === 0 ? words.nobody : element("div", {}, words.guarded, ...guards.map((one) => account(one)))],
      [words.taken, recovery.newOwner === null ? null : account(recovery.newOwner)],
    ),
    ...(own ? [element("p", {}, words.more)] : []),
  ];
  return ask({ title: own ? words.title : words.whose, body, yes: words.yes });
}

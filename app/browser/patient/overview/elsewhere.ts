/** Whoever lost a wallet signs in with the next, for which nobody has filed anything: the way to the own record (W-123). */

import type { Clock } from "../../core/chain";
import { identities } from "../../core/identity";
import { signedNext } from "../../core/identity_state";
import { signingClock } from "../../core/signing_clock";
import { guardians } from "../../text/guardians";
import { people } from "../../text/people";
import { element } from "../../ui/dom";
import { note } from "../../ui/messages";
import { card, link, notice } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { otherIdentities } from "../people/acting";

/** Null for whoever is signed in for somebody else already, or may act for nobody. */
export async function elsewhere(context: Context): Promise<HTMLElement | null> {
  const { session, network } = context;
  if (session.patient !== session.account) return null;
  const held = await identities();
  if (held.length === 0) return null;
  const found = otherIdentities(held, await signingClock(network).catch(byDevice), context);
  const words = people().acting;
  return found.length === 0 ? null : card(words.elsewhere, element("p", {}, words.elsewhereHow), ...found);
}

/** A recovery that nobody asked for can be stopped only while it waits, and who looks among people for it? Filled in once the chain tells. */
export function takingOver({ session, network, left }: Context): HTMLElement {
  const place = element("div", { id: "taking-over" });
  const words = guardians().pending;
  signedNext(session.patient, network).then(({ recovery }) => {
    if (recovery.newOwner === null || left.aborted) return;
    place.replaceChildren(notice("danger", element("p", {}, words.title), link(words.look, "#/people", "button")));
  }).catch((error: unknown) => {
    place.replaceChildren(element("p", { class: "quiet" }, words.unasked));
    note(error);
  });
  return place;
}

/** Where the chain is silent what may be taken over is shown by this device's clock; nothing is signed by it (W-122). */
function byDevice(error: unknown): Clock {
  note(error);
  return { now: () => Math.floor(Date.now() / 1000), deviceWrong: false };
}

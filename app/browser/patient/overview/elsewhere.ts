/** What is asked of others while the overview is shown already, each in a place of its own: nothing waits for it (W-123, W-134). */

import { identities } from "../../core/identity";
import { signedNext } from "../../core/identity_state";
import { guardians } from "../../text/guardians";
import { people } from "../../text/people";
import { element } from "../../ui/dom";
import { note } from "../../ui/messages";
import { card, link, notice } from "../../ui/parts";
import type { Context } from "../../ui/view";

/**
 * Whoever lost a wallet signs in with the next, for which nobody has filed anything: the way to the own record leads over the page
 * about people. None is offered here: anybody can name a wallet without asking it.
 */
export function elsewhere({ session, left }: Context): HTMLElement {
  const place = element("div", { id: "elsewhere" });
  if (session.patient !== session.account) return place;
  const words = people().acting;
  identities().then(({ held, more }) => {
    if ((held.length === 0 && !more) || left.aborted) return;
    const way = element("div", { class: "actions" }, link(words.look, "#/people", "button"));
    place.replaceChildren(card(words.elsewhere, ...words.elsewhereHow.map((line) => element("p", {}, line)), way));
  }).catch((error: unknown) => {
    place.replaceChildren(element("p", { class: "quiet" }, words.unasked));
    note(error);
  });
  return place;
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

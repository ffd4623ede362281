/** The list of consents: read in words, sign, revoke. */

import * as api from "../../core/api";
import { checkedConsent, grantTypedData, Mismatch, revokeTypedData } from "../../core/checks";
import { renewDirectory } from "../../core/directory";
import { language } from "../../core/language";
import type { Session } from "../../core/session";
import { ensureChain, signTyped } from "../../core/wallets";
import { secondsOf } from "../../layouts/times";
import { consents as t } from "../../text/consents";
import { directory } from "../../text/directory";
import { failures } from "../../text/failures";
import { button, element } from "../../ui/dom";
import { moment } from "../../ui/formats";
import { attempt, goTo, note, say } from "../../ui/messages";
import type { Context } from "../../ui/view";
import { directoryCard } from "./directory";
import { exactTerms } from "./exact";

/** Reloads the list and leaves the reader at the consent with this id. */
type Refresh = (focus?: string) => Promise<void>;

export async function render({ session, refresh }: Context): Promise<HTMLElement> {
  const [state, shown] = await Promise.all([api.directory(), api.consents()]);
  const kept = directoryCard(state, session, refresh);
  const list = consentList(shown, session, refresh);
  return element("div", {}, ...(state.cid === null ? [kept, list] : [list, kept]));
}

function consentList(shown: readonly api.ShownConsent[], session: Session, refresh: Refresh): HTMLElement {
  const groups: readonly (readonly [string, readonly api.ShownConsent[]])[] = [
    [t().list.proposed, shown.filter(({ status }) => status === "proposed")],
    [t().list.active, shown.filter(({ status }) => status === "active")],
    [t().list.ended, shown.filter(({ status }) => status === "revoked" || status === "expired")],
  ];
  const filled = groups.filter(([, items]) => items.length > 0);
  return element(
    "section",
    { "aria-labelledby": "consents-title" },
    element("h2", { id: "consents-title" }, t().list.title),
    ...(filled.length === 0 ? [element("p", { class: "empty" }, t().list.none)] : []),
    ...filled.flatMap(([title, items]) => [
      element("h3", {}, title),
      ...items.map((item) => card(item, session, refresh)),
    ]),
  );
}

function card(shown: api.ShownConsent, session: Session, refresh: Refresh): HTMLElement {
  const made = element("article", { class: "card", id: cardId(shown.id), "data-status": shown.status });
  try {
    const read = checkedConsent(shown, session.network, session.patient);
    made.append(
      element(
        "header",
        {},
        element("h4", {}, read.terms.recipientName),
        element("span", { class: "badge" }, t().status[shown.status]),
      ),
      words(shown),
      ...(read.terms.maxUses > 0 ? [element("p", { class: "quiet" }, usesLimit(read.terms.maxUses, session))] : []),
      exactTerms(read, shown.id),
      ...(shown.transaction === null ? [] : [recorded(shown.transaction, shown.changedAt ?? null)]),
      ...(shown.status === "revoked" ? [element("p", { class: "quiet" }, t().revoked)] : []),
      actions(shown, secondsOf(read.relayBefore), session, refresh),
    );
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    made.append(element("p", { class: "warning" }, failures().mismatch));
  }
  return made;
}

/** The terms in words; of an ended consent folded away, so that what matters now stays in sight. */
function words(shown: api.ShownConsent): HTMLElement {
  const lines = element("ul", { class: "words" }, ...shown.words[language()].map((line) => element("li", {}, line)));
  if (shown.status === "proposed" || shown.status === "active") return lines;
  return element("details", {}, element("summary", {}, t().list.said), lines);
}

const cardId = (id: string): string => `consent-${id}`;

/** ⌊n·maxUses/t⌋: every keeper counts for itself, and a release needs a threshold of them. */
function usesLimit(maxUses: number, { network }: Session): string {
  return t().uses(Math.floor((network.keepers.length * maxUses) / network.threshold));
}

function recorded(transaction: string, at: string | null): HTMLElement {
  return element(
    "p",
    { class: "quiet" },
    t().recorded(""),
    element("code", { class: "hash" }, transaction),
    ...(at === null ? [] : [" · ", element("time", { datetime: at }, moment(at))]),
  );
}

function actions(shown: api.ShownConsent, relayBefore: number, session: Session, refresh: Refresh): HTMLElement {
  const made = element("div", { class: "actions" });
  if (shown.status === "proposed" && relayBefore * 1000 <= Date.now()) {
    made.append(element("p", { class: "quiet" }, t().relayOver));
  } else if (shown.status === "proposed") {
    made.append(
      button(t().sign, "primary", () => attempt(() => grant(shown, session, refresh))),
      element("p", { class: "quiet" }, t().signHint),
    );
  } else if (shown.status === "active") {
    made.append(
      button(t().revoke, "plain", async () => {
        say();
        const question = revokeQuestion(made, shown, session, refresh);
        made.hidden = true;
        made.after(question);
        goTo(question);
      }),
    );
  }
  return made;
}

function revokeQuestion(
  instead: HTMLElement,
  shown: api.ShownConsent,
  session: Session,
  refresh: Refresh,
): HTMLElement {
  const renew = element("input", { type: "checkbox", checked: "" });
  const made = element(
    "div",
    { class: "question", role: "group", "aria-label": t().revokeTitle },
    element("h5", {}, t().revokeTitle),
    element("ul", {}, ...t().revokeMeans.map((line) => element("li", {}, line))),
    element("label", {}, renew, " ", directory().withRevocation),
    element(
      "div",
      { class: "actions" },
      button(t().revokeNow, "danger", () => attempt(() => revoke(shown, session, refresh, renew.checked))),
      button(t().keep, "plain", async () => {
        made.remove();
        instead.hidden = false;
        instead.querySelector("button")?.focus();
      }),
    ),
  );
  return made;
}

async function grant(shown: api.ShownConsent, session: Session, refresh: Refresh): Promise<void> {
  const { wallet, account, network, patient } = session;
  const data = grantTypedData(shown, network, patient);
  await ensureChain(wallet, network);
  const relayed = await api.grant(shown.id, await signTyped(wallet, account, data));
  await refresh(cardId(shown.id));
  say(t().granted, " ", t().recorded(short(relayed.transaction)));
}

async function revoke(
  shown: api.ShownConsent,
  session: Session,
  refresh: Refresh,
  renew: boolean,
): Promise<void> {
  const { wallet, account, network, patient } = session;
  const data = revokeTypedData((await api.revocation(shown.id)).typedData, shown.id, network, patient);
  await ensureChain(wallet, network);
  const relayed = await api.revoke(shown.id, await signTyped(wallet, account, data));
  await refresh(cardId(shown.id));
  const done = [t().revoked, " ", t().recorded(short(relayed.transaction))];
  say(...done);
  if (renew && shown.status === "active") await renewAfter(done, session, refresh);
}

/** The consent is revoked whatever becomes of the directory: both are said. */
async function renewAfter(done: readonly string[], session: Session, refresh: Refresh): Promise<void> {
  try {
    if (await renewDirectory(session, (made, of) => say(directory().making(made, of)))) {
      await refresh();
      say(...done, " ", directory().renewed);
    }
  } catch (error) {
    note(error);
    await refresh();
    say(...done, " ", directory().notRenewed);
  }
}

const short = (hash: string): string => `${hash.slice(0, 10)}…${hash.slice(-6)}`;

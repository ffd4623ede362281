/** Signing what is proposed, alone or in the place of a consent that holds; or dropping it. */

import * as api from "../../core/api";
import { checkedConsent, grantTypedData, Mismatch } from "../../core/checks";
import { again, drop, handOn, replace, replaceTypedData } from "../../core/own_consents";
import type { Session } from "../../core/session";
import { signAndSend } from "../../core/signed_once";
import type { Hex } from "../../layouts/bytes";
import type { Consent } from "../../layouts/terms";
import { categoryWords, purposeWords } from "../../text/codes";
import { consents as t } from "../../text/consents";
import { drafts } from "../../text/drafts";
import { elsewhere } from "../../text/elsewhere";
import { ask } from "../../ui/dialog";
import { button, element } from "../../ui/dom";
import { list, moment } from "../../ui/formats";
import { attempt, note, say } from "../../ui/messages";
import { freshId } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { cardId } from "./card";
import { lastChanged } from "./changing";
import { isElsewhere } from "./elsewhere";
import { selectField, type Option } from "./fields";

/** `active`: all that hold now; those of the same recipient can be ended by the same signature. */
export function signing(
  shown: api.ShownConsent,
  read: Consent,
  time: "open" | "over",
  active: readonly api.ShownConsent[],
  context: Context,
): HTMLElement[] {
  const unwanted = button(t().drop, "plain", () => attempt(() => dropped(shown, context)));
  if (time === "over") {
    return [element("div", { class: "actions" }, element("p", { class: "quiet" }, t().relayOver), unwanted)];
  }
  const instead = place(read, active, context.session);
  const sign = button(t().sign, "primary", () => attempt(() => signed(shown, instead?.field.value ?? "", context)));
  return [
    element("p", {}, drafts().made),
    ...(instead === null ? [] : [instead.element]),
    element("div", { class: "actions" }, sign, unwanted, element("p", { class: "quiet" }, t().signHint)),
  ];
}

interface Place {
  readonly element: HTMLElement;
  readonly field: HTMLSelectElement;
}

/** Which consent of the same recipient ends; null where there is none. */
export function place({ terms }: Consent, active: readonly api.ShownConsent[], session: Session): Place | null {
  const others = toldApart(
    active.flatMap((one) => {
      const held = readOrNull(one, session);
      return held?.terms.recipient === terms.recipient ? [[one.id, heldWords(held)] as const] : [];
    }),
  );
  if (others.length === 0) return null;
  const changed = lastChanged();
  const field = selectField([["", t().beside], ...others], others.find(([id]) => id === changed)?.[0] ?? "");
  field.id = freshId();
  return { element: element("div", {}, element("label", { for: field.id }, t().instead), field), field };
}

const MOST_NAMED = 3;

/** What it is for, what it opens, until when: as much as an option holds. */
function heldWords({ terms, validUntil }: Consent): string {
  const named = (codes: readonly string[], words: (code: string) => string): string => {
    const all = [...new Set(codes)].map((code) => (code === "any" ? t().any : words(code)));
    const first = list(all.slice(0, MOST_NAMED));
    return all.length > MOST_NAMED ? t().more(first, all.length - MOST_NAMED) : first;
  };
  const purposes = named(terms.provisions.flatMap((one) => one.purposes), purposeWords);
  const categories = named(terms.provisions.flatMap((one) => one.categories), categoryWords);
  return t().held(purposes, categories, moment(validUntil));
}

/** Those that read alike have their ids beside them, which stand among the exact terms. */
function toldApart(options: readonly (readonly [Hex, string])[]): readonly Option[] {
  const alike = (words: string): boolean => options.filter(([, other]) => other === words).length > 1;
  return options.map(([id, words]) => [id, alike(words) ? `${words} · ${ends(id)}` : words]);
}

function readOrNull(shown: api.ShownConsent, { network, patient }: Session): Consent | null {
  try {
    return checkedConsent(shown, network, patient);
  } catch (error) {
    if (error instanceof Mismatch) return null;
    throw error;
  }
}

async function signed(shown: api.ShownConsent, replaced: string, context: Context): Promise<void> {
  const { session, refresh } = context;
  // Another tab, another device or a second click may have been quicker: nothing is signed twice.
  const now = await again(shown);
  if (now === null || now.status !== "proposed") {
    await refresh(cardId(shown.id));
    return say(t().meanwhile);
  }
  const { network, patient } = session;
  const data = grantTypedData(now, network, patient);
  const ended = replaced === "" ? null : (replaced as typeof shown.id);
  const relayed = await (ended === null
    ? signAndSend(`grant ${now.id}`, session, async () => ({ data, body: {} }), ({ signature }) =>
        api.grant(now.id, signature),
      )
    : signAndSend(
        `replace ${ended} ${now.id}`,
        session,
        async () => ({ data: replaceTypedData(checkedConsent(now, network, patient), ended, session), body: {} }),
        ({ signature }) => replace(now.id, ended, signature),
      ));
  const told = await tellRecipient(now.id, checkedConsent(now, network, patient), network);
  await refresh(cardId(now.id));
  say(ended === null ? t().granted : t().replaced, " ", t().recorded(ends(relayed.transaction)), ...told);
}

/** A consent to another member holds whether that member knows the terms already or not: both are said. */
export async function tellRecipient(id: Hex, read: Consent, network: api.Network): Promise<readonly string[]> {
  if (!isElsewhere(read, network)) return [];
  try {
    await handOn(id);
    return [" ", elsewhere().told(read.terms.recipientName)];
  } catch (error) {
    note(error);
    return [" ", elsewhere().notTold(read.terms.recipientName)];
  }
}

async function dropped(shown: api.ShownConsent, { refresh }: Context): Promise<void> {
  const sure = await ask({
    title: t().drop,
    body: [element("p", {}, t().dropMeans)],
    yes: t().dropNow,
    no: t().keep,
  });
  if (!sure) return;
  await drop(shown.id);
  await refresh();
  say(t().dropped);
}

export const ends = (hash: string): string => `${hash.slice(0, 10)}…${hash.slice(-6)}`;

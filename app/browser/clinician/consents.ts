/** The consents of one patient to this member, so that one look tells what may be read now, for what, and until when (W-101). */

import type { Network } from "../core/api";
import { checkedConsent, Mismatch } from "../core/checks";
import type * as clinic from "../core/clinic";
import type { Hex } from "../layouts/bytes";
import { TermsInvalid } from "../layouts/errors";
import type { Consent, Provision } from "../layouts/terms";
import { clinicConsents as t } from "../text/clinic_consents";
import { desk } from "../text/clinic_desk";
import { readersPurpose } from "../text/clinic_purposes";
import { categoryWords, rolesWords } from "../text/codes";
import { consentLines } from "../text/consent_words";
import { failures } from "../text/failures";
import { element } from "../ui/dom";
import { day, list, time } from "../ui/formats";
import { badge, card, empty, foldable, quiet, type Mood } from "../ui/parts";
import { accountOf } from "./dids";

type Status = clinic.DeskConsent["status"];

const MOODS: Readonly<Record<Status, Mood>> = { proposed: "warning", active: "good", revoked: "info", expired: "info" };
/** What may be read comes first, then what may come, then what is over. */
const ORDER: Readonly<Record<Status, number>> = { active: 0, proposed: 1, revoked: 2, expired: 2 };
const ANY = "any";

export const stateBadge = (status: Status): HTMLElement => badge(desk().status[status], MOODS[status]);

interface Told {
  readonly one: clinic.DeskConsent;
  /** Its terms, or why they are not told. */
  readonly read: Consent | Mismatch["kind"];
}

/** `role`: of whoever looks; null if it is not known. */
export function consentsCard(given: readonly clinic.DeskConsent[], did: string, role: string | null, network: Network): HTMLElement {
  if (given.length === 0) return card(t().title, empty(element("p", {}, t().none)));
  const told = given.map((one) => ({ one, read: checked(one, did, network) })).sort(byUse);
  const [now, over] = [told.filter(({ one }) => ORDER[one.status] < 2), told.filter(({ one }) => ORDER[one.status] === 2)];
  const line = (one: Told): HTMLElement => consentLine(one, role);
  return card(
    t().title,
    ...(now.length === 0 ? [quiet(t().noneNow)] : now.map(line)),
    ...(over.length === 0 ? [] : [foldable(t().over(over.length), ...over.map(line))]),
  );
}

/** Among those of one state the one that lasts longest comes first. */
const byUse = (one: Told, other: Told): number =>
  ORDER[one.one.status] - ORDER[other.one.status] || untilOf(other).localeCompare(untilOf(one));

const untilOf = ({ read }: Told): string => (typeof read === "string" ? "" : read.validUntil);

function checked(one: clinic.DeskConsent, did: string, network: Network): Told["read"] {
  try {
    const read = checkedConsent(one, network, accountOf(did) as Hex);
    consentLines(read);
    return read;
  } catch (error) {
    if (error instanceof TermsInvalid) return "terms-unknown";
    if (error instanceof Mismatch) return error.kind;
    throw error;
  }
}

/** In this page's own words, from terms under whose id the patient signs; what does not fit is told as that. */
function consentLine({ one, read }: Told, role: string | null): HTMLElement {
  const made = element("article", { class: "consent", "data-status": one.status });
  if (typeof read === "string") {
    made.append(element("p", { class: "warning" }, failures()[read]));
    return made;
  }
  const { terms, validUntil } = read;
  const mine = role === null || terms.roles.includes(ANY) || terms.roles.includes(role);
  const roles = terms.roles.includes(ANY) ? t().anybody : list(terms.roles.map(rolesWords));
  made.append(
    element("p", { class: "pair" }, stateBadge(one.status), " ", element("span", {}, t().until, " ", time(validUntil, day))),
    ...terms.provisions.map((part) => element("p", { class: "thing" }, inShort(part))),
    quiet(t().readers(roles)),
    ...(mine || ORDER[one.status] === 2 ? [] : [element("p", { class: "warning" }, t().notYou)]),
    foldable(t().words, element("ul", {}, ...consentLines(read).map((words) => element("li", {}, words)))),
  );
  return made;
}

/** "laboratory results and medicines, for treatment"; dates, authors and single documents stand in the words below. */
function inShort({ categories, purposes, dataFrom, dataUntil, authors, records }: Provision): string {
  const what = categories.includes(ANY) ? t().everything : list(categories.map(categoryWords));
  const why = purposes.includes(ANY) ? t().anyPurpose : list(purposes.map(readersPurpose));
  const whole = [dataFrom, dataUntil, ...authors, ...records].every((one) => one === ANY);
  return whole ? t().inShort(what, why) : t().inPart(t().inShort(what, why));
}

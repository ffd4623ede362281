/** Accesses and gaps of an account in sentences, in the page's language (A-7, A-8; W-58). */

import type { Missing } from "../../core/account";
import type { Hex } from "../../layouts/bytes";
import { categoryWords, purposeWords, roleWords } from "../../text/codes";
import { isolated } from "../../text/isolated";
import { parts } from "../../text/parts";
import { readers as t } from "../../text/readers";
import { gaps, linkWords, reasonWords } from "../../text/refusals";
import { list, moment } from "../../ui/formats";
import type { Occasion } from "./occasions";

const upper = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** Person, role and institution; on the patient's side whose account it was. */
export function whoWords({ reader }: Occasion, patient: Hex): string {
  if (reader.member === null) return reader.actor === patient ? t().you : t().forYou;
  const role = reader.role === null ? t().someone : roleWords(reader.role);
  const person = reader.person === null ? upper(role) : parts().bracketed(isolated(reader.person), role);
  return t().reader(person, isolated(reader.member));
}

/** When: the first and the last time, if they differ by more than what is shown. */
export function whenWords({ at, until }: Occasion): string {
  const [from, to] = [moment(at), moment(until)];
  return from === to ? from : t().span(from, to);
}

const categories = (codes: readonly string[]): string => list(codes.map(categoryWords));

/** What was opened, or asked for in vain. */
function whatWords(one: Occasion): string[] {
  const [records, lists] = {
    access: [t().records, t().lists] as const,
    possible: [t().maybeRecords, t().maybeLists] as const,
    refused: [t().askedRecords, t().askedLists] as const,
  }[one.kind];
  return [
    ...(one.records.length > 0 ? [records(one.records.length, categories(one.categories))] : []),
    ...(one.seeds.length > 0 ? [lists(categories(one.seeds))] : []),
  ];
}

function groundWords({ reader }: Occasion): string {
  if (reader.mandateId === null) return t().ground[reader.ground];
  return t().ground[reader.ground === "CONSENT" ? "under" : "mandate"];
}

/** What, what for, by what right. */
export function storyWords(one: Occasion): readonly string[] {
  const why = t().why(purposeWords(one.reader.purpose));
  if (one.kind === "refused") return [...whatWords(one), why, t().because(list(one.reasons.map(reasonWords)))];
  const ground = groundWords(one);
  const signed = one.reader.member === null ? [] : [one.reader.practitioner === null ? t().signed : t().asserted];
  return [...whatWords(one), why, ground, ...signed];
}

/** How many keepers say so, and what that means. */
export function keeperWords(one: Occasion): string {
  if (one.kind === "refused") return t().refusedBy(one.keepers);
  if (one.kind === "access") return t().enough(one.keepers, one.threshold);
  return `${t().tooFew(one.keepers, one.threshold)} ${t().possibleHint}`;
}

export function missingWords(one: Missing): string {
  const keeper = gaps().keeper(String(one.seat), isolated(one.member));
  switch (one.kind) {
    case "untold":
      return gaps().untold(keeper);
    case "waiting":
      return gaps().waiting(keeper, one.receipts);
    case "silent":
      return gaps().silent(keeper, one.requests, one.others, one.since === null ? null : moment(one.since));
    case "false":
      if (one.other === undefined) return gaps().wrong(keeper, linkWords(one.link), one.seq);
      return gaps().contradict(keeper, gaps().keeper(String(one.other.seat), isolated(one.other.member)), one.seq);
  }
}

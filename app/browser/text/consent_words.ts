/**
 * What a consent says, line by line as patients sign it: the lines of consentry.domain.wording, which shared vectors
 * compare (W-12). They are made here from terms that were checked, never taken from a gateway.
 */

import { inBoth } from "../core/language";
import { TermsInvalid } from "../layouts/errors";
import type { Consent, Provision } from "../layouts/terms";
import { categories, purposes, roles } from "./codes";

interface Wording {
  readonly who: (name: string) => string;
  readonly account: (name: string, address: string) => string;
  readonly roles: (words: string) => string;
  readonly rolesAny: string;
  readonly part: (number: number, count: number) => string;
  readonly purposes: (words: string) => string;
  readonly purposesAny: string;
  readonly categories: (words: string) => string;
  readonly categoriesAny: string;
  readonly grades: Readonly<Record<string, string>>;
  readonly between: (start: string, end: string) => string;
  readonly since: (start: string) => string;
  readonly before: (end: string) => string;
  readonly always: string;
  readonly authors: (words: string) => string;
  readonly authorsAny: string;
  readonly records: (count: number, words: string) => string;
  readonly uses: (count: number) => string;
  readonly usesAny: string;
  readonly window: (start: string, end: string) => string;
  readonly relay: (end: string) => string;
  readonly revoke: string;
  readonly comma: string;
}

const en: Wording = {
  who: (name) => `I allow ${name} to read parts of my health record.`,
  account: (name, address) => `The account of ${name} is ${address}.`,
  roles: (words) => `There, these people may read: ${words}.`,
  rolesAny: "There, anyone who works with records may read.",
  part: (number, count) => `Permission ${number} of ${count}`,
  purposes: (words) => `What for: ${words}.`,
  purposesAny: "What for: any purpose.",
  categories: (words) => `What: ${words}.`,
  categoriesAny: "What: every kind of record, sensitive ones as well.",
  grades: {
    N: "Only what is not marked as especially confidential.",
    R: "Also what is marked as restricted, but not what is marked as very restricted.",
    V: "Also what is marked as restricted or very restricted.",
    any: "However confidential it is.",
  },
  between: (start, end) => `When: records dated from ${start} until before ${end}.`,
  since: (start) => `When: records dated ${start} or later, future ones as well.`,
  before: (end) => `When: records dated before ${end}.`,
  always: "When: all records, past and future.",
  authors: (words) => `Written by: ${words}.`,
  authorsAny: "Written by: any institution.",
  records: (count, words) => `Only these documents (${count}): ${words}.`,
  uses: (count) => `Each of the independent key keepers helps at most ${count} times with the same document.`,
  usesAny: "How often a document may be read is not limited.",
  window: (start, end) => `This permission holds from ${start} until before ${end}.`,
  relay: (end) => `If it is not registered before ${end}, it never takes effect.`,
  revoke: "I can take it back at any time. What was read before then stays read.",
  comma: ", ",
};

const zh: Wording = {
  who: (name) => `我允许“${name}”查看我的部分健康记录。`,
  account: (name, address) => `“${name}”的账户是 ${address}。`,
  roles: (words) => `该机构中可以查看的人员：${words}。`,
  rolesAny: "该机构中所有处理病历的人员都可以查看。",
  part: (number, count) => `第 ${number} 项许可，共 ${count} 项`,
  purposes: (words) => `用途：${words}。`,
  purposesAny: "用途：任何用途。",
  categories: (words) => `内容：${words}。`,
  categoriesAny: "内容：所有类别的记录，包括敏感类别。",
  grades: {
    N: "仅限未标记为特别保密的内容。",
    R: "包括标记为受限的内容，但不包括标记为严格受限的内容。",
    V: "包括标记为受限和严格受限的内容。",
    any: "无论保密程度如何。",
  },
  between: (start, end) => `时间范围：${start} 起、${end} 之前的记录。`,
  since: (start) => `时间范围：${start} 及以后的记录，包括将来的记录。`,
  before: (end) => `时间范围：${end} 之前的记录。`,
  always: "时间范围：过去和将来的所有记录。",
  authors: (words) => `出具机构：${words}。`,
  authorsAny: "出具机构：任何机构。",
  records: (count, words) => `仅限以下 ${count} 份文件：${words}。`,
  uses: (count) => `对同一份文件，每位独立的密钥保管者最多协助 ${count} 次。`,
  usesAny: "查看次数不限。",
  window: (start, end) => `本许可自 ${start} 起生效，至 ${end} 之前有效。`,
  relay: (end) => `如果在 ${end} 之前没有登记，本许可永不生效。`,
  revoke: "我可以随时撤回。撤回之前已被查看的内容无法收回。",
  comma: "、",
};

export const wording = inBoth(en, zh);

/**
 * The lines that a patient reads, every term of the consent among them, in the page's language. Throws TermsInvalid where
 * a code has no words here: what cannot be told is not to be signed.
 */
export function consentLines({ terms, validFrom, validUntil, relayBefore }: Consent): readonly string[] {
  const say = wording();
  return [
    say.who(terms.recipientName),
    say.account(terms.recipientName, terms.recipient),
    listed(terms.roles, say.rolesAny, say.roles, roles()),
    ...allProvisionLines(terms.provisions),
    terms.maxUses === 0 ? say.usesAny : say.uses(terms.maxUses),
    say.window(shown(validFrom), shown(validUntil)),
    say.relay(shown(relayBefore)),
    say.revoke,
  ];
}

/** Of each permission, under its number where there are several. Throws TermsInvalid. */
export const allProvisionLines = (provisions: readonly Provision[]): readonly string[] =>
  provisions.flatMap((one, at) => [
    ...(provisions.length > 1 ? [wording().part(at + 1, provisions.length)] : []),
    ...provisionLines(one),
  ]);

function provisionLines(one: Provision): readonly string[] {
  const say = wording();
  return [
    listed(one.purposes, say.purposesAny, say.purposes, purposes()),
    listed(one.categories, say.categoriesAny, say.categories, categories()),
    worded(say.grades, one.confidentiality),
    period(one),
    listed(one.authors, say.authorsAny, say.authors),
    ...(isAny(one.records) ? [] : [say.records(one.records.length, one.records.join(say.comma))]),
  ];
}

const isAny = (values: readonly string[]): boolean => values.length === 1 && values[0] === "any";

/** Codes by their words; without `words`, names as they are. */
function listed(
  values: readonly string[],
  any: string,
  told: (words: string) => string,
  words: Readonly<Record<string, string>> | null = null,
): string {
  if (isAny(values)) return any;
  return told(values.map((value) => (words === null ? value : worded(words, value))).join(wording().comma));
}

function worded(words: Readonly<Record<string, string>>, code: string): string {
  const found = Object.hasOwn(words, code) ? words[code] : undefined;
  if (found === undefined) throw new TermsInvalid("a code of the terms has no words");
  return found;
}

function period({ dataFrom, dataUntil }: Provision): string {
  const say = wording();
  if (dataFrom === "any") return dataUntil === "any" ? say.always : say.before(shown(dataUntil));
  return dataUntil === "any" ? say.since(shown(dataFrom)) : say.between(shown(dataFrom), shown(dataUntil));
}

export const shown = (iso: string): string => iso.replace("T", " ").replace("Z", " UTC");

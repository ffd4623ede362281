/** The exact terms, field by field as a wallet shows them, to compare before signing. Codes have their words beside them. */

import type { Hex } from "../../layouts/bytes";
import { MANDATE_STATEMENT, type Mandate } from "../../layouts/mandates";
import type { Consent, Provision } from "../../layouts/terms";
import { categoryWords, purposeWords, rolesWords } from "../../text/codes";
import { consents as t } from "../../text/consents";
import { mandates } from "../../text/mandates";
import { element } from "../../ui/dom";

function line(name: string, value: string, look: "text" | "code" = "text"): HTMLElement {
  return element("div", {}, element("dt", {}, name), element("dd", { class: look }, value));
}

/** `TREAT (treating me)`: what the wallet shows, and what it means. */
const glossed = (codes: readonly string[], words: (code: string) => string): string =>
  codes.map((code) => (words(code) === code ? code : `${code} (${words(code)})`)).join(", ");

function permission(one: Provision): HTMLElement[] {
  const names = t().fields;
  return [
    line(names.purposes, glossed(one.purposes, purposeWords)),
    line(names.categories, glossed(one.categories, categoryWords)),
    line(names.confidentiality, glossed([one.confidentiality], (grade) => t().grades[grade] ?? grade)),
    line(names.data, `${one.dataFrom} – ${one.dataUntil}`),
    line(names.authors, one.authors.join(", ")),
    line(names.records, one.records.join(", "), one.records.includes("any") ? "text" : "code"),
  ];
}

export function exactTerms({ terms, ...window }: Consent, id: Hex): HTMLElement {
  const names = t().fields;
  return exact(
    line(names.recipient, terms.recipientName),
    line(names.address, terms.recipient, "code"),
    line(names.roles, glossed(terms.roles, rolesWords)),
    ...terms.provisions.flatMap(permission),
    line(names.window, `${window.validFrom} – ${window.validUntil}`),
    line(names.relayBefore, window.relayBefore),
    line(names.maxUses, terms.maxUses === 0 ? `0 (${t().noLimit})` : String(terms.maxUses)),
    line(names.salt, terms.salt, "code"),
    line(names.id, id, "code"),
  );
}

export function exactMandate({ representative, scope, ...window }: Mandate, id: Hex): HTMLElement {
  const names = t().fields;
  const own = mandates().given.fields;
  return exact(
    line(own.representative, representative, "code"),
    line(own.statement, MANDATE_STATEMENT),
    ...scope.provisions.flatMap(permission),
    line(names.window, `${window.validFrom} – ${window.validUntil}`),
    line(names.relayBefore, window.relayBefore),
    line(names.salt, scope.salt, "code"),
    line(own.id, id, "code"),
  );
}

const exact = (...lines: readonly HTMLElement[]): HTMLElement =>
  element(
    "details",
    {},
    element("summary", {}, t().list.exact),
    element("p", { class: "quiet" }, t().list.exactHint),
    element("dl", {}, ...lines),
  );

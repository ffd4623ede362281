/** The exact terms, field by field as a wallet shows them, to compare before signing. */

import type { Hex } from "../../layouts/bytes";
import type { Consent } from "../../layouts/terms";
import { consents as t } from "../../text/consents";
import { element } from "../../ui/dom";

function line(name: string, value: string, look: "text" | "code" = "text"): HTMLElement {
  return element("div", {}, element("dt", {}, name), element("dd", { class: look }, value));
}

export function exactTerms({ terms, ...window }: Consent, id: Hex): HTMLElement {
  const names = t().fields;
  return element(
    "details",
    {},
    element("summary", {}, t().list.exact),
    element("p", { class: "quiet" }, t().list.exactHint),
    element(
      "dl",
      {},
      line(names.recipient, terms.recipientName),
      line(names.address, terms.recipient, "code"),
      line(names.roles, terms.roles.join(", ")),
      ...terms.provisions.flatMap((one) => [
        line(names.purposes, one.purposes.join(", ")),
        line(names.categories, one.categories.join(", ")),
        line(names.confidentiality, one.confidentiality),
        line(names.data, `${one.dataFrom} – ${one.dataUntil}`),
        line(names.authors, one.authors.join(", ")),
        line(names.records, one.records.join(", "), one.records.includes("any") ? "text" : "code"),
      ]),
      line(names.window, `${window.validFrom} – ${window.validUntil}`),
      line(names.relayBefore, window.relayBefore),
      line(names.maxUses, terms.maxUses === 0 ? `0 (${t().noLimit})` : String(terms.maxUses)),
      line(names.salt, terms.salt, "code"),
      line(names.id, id, "code"),
    ),
  );
}

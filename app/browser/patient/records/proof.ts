/** Whether a record is genuine: what was checked when it was opened, and the same asked of the chain once more. */

import { isRetractedNow, provenNow } from "../../core/proving";
import type { OpenRecord } from "../../core/reading";
import { records as t } from "../../text/records";
import { button, element } from "../../ui/dom";
import { number, short } from "../../ui/formats";
import { note } from "../../ui/messages";
import { card, facts, foldable, notice, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";

export function proofCard(record: OpenRecord, { network }: Context): HTMLElement {
  const said = element("div", { "aria-live": "polite" });
  const again = button(t().proof.again, "plain", async () => {
    said.replaceChildren(await verdict(record, network));
  });
  return card(
    t().proof.title,
    element("p", {}, t().proof.how),
    element("ul", { class: "checked" }, ...t().proven.map((line) => element("li", {}, line))),
    said,
    element("div", { class: "actions" }, again),
    figures(record),
  );
}

async function verdict(record: OpenRecord, network: Context["network"]): Promise<HTMLElement> {
  try {
    const [proven, retracted] = await Promise.all([provenNow(record, network), isRetractedNow(record, network)]);
    if (!proven) return notice("danger", element("p", {}, t().proof.bad));
    if (retracted) return notice("danger", element("p", {}, t().proof.retracted));
    return notice("good", element("p", {}, t().proof.good));
  } catch (error) {
    note(error);
    return notice("warning", element("p", {}, t().proof.unreached));
  }
}

function figures({ header, root, proof, served }: OpenRecord): HTMLElement {
  const fields = t().fields;
  return foldable(
    t().proof.details,
    facts(
      [fields.root, short(root)],
      [fields.place, t().place(number(proof.index + 1), number(proof.count))],
      [fields.ciphertext, short(header.cid)],
    ),
    ...(served.length === 0 ? [] : [quiet(t().receipts(number(served.length)))]),
    element(
      "ul",
      {},
      ...served.map(({ seat, seq, receipt }) => element("li", {}, t().keeper(number(seat + 1), number(seq)), " · ", short(receipt))),
    ),
  );
}

/** Everything as one file. */

import type { Reading } from "../../core/reading";
import { records as t } from "../../text/records";
import { button, element } from "../../ui/dom";
import { attempt, say } from "../../ui/messages";
import { card } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { exported } from "../portrait/exporting";
import { asFhir, save } from "./saving";

export function exportCard({ session, network }: Context, { records, incomplete }: Reading): HTMLElement {
  const action = button(t().exporting.action, "plain", () =>
    attempt(async () => {
      const at = `${new Date().toISOString().slice(0, 19)}Z`;
      const newest = records.filter(({ replaced }) => !replaced);
      save(`health-record-${at.slice(0, 10)}.json`, asFhir(await exported(newest, session.patient, network.chainId, at)));
      say(t().exporting.done);
    }),
  );
  return card(
    t().exporting.title,
    element("p", {}, t().exporting.how),
    ...(incomplete.length === 0 ? [] : [element("p", { class: "warning" }, t().exporting.incomplete)]),
    element("div", { class: "actions" }, action),
  );
}

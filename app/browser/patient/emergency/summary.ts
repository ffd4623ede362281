/** What two people would see in an emergency: the summaries that hospitals wrote, opened here (E-19, W-63). */

import { read, type OpenRecord } from "../../core/reading";
import { emergency as t } from "../../text/emergency";
import { isolated } from "../../text/isolated";
import { button, element } from "../../ui/dom";
import { day } from "../../ui/formats";
import { attempt } from "../../ui/messages";
import { card, empty, notice, progress, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { briefly } from "../overview/brief";
import { held } from "../portrait/held";
import { keptOf, readingSession } from "../sitting";

export function summaryCard(context: Context): HTMLElement {
  const place = element("div", { id: "summary" });
  const bar = progress(t().summary);
  bar.element.hidden = true;
  const show = button(t().show, "plain", async () => {
    await attempt(async () => {
      const reading = await readingSession(context);
      const found = await read(reading, context.network, {
        categories: ["emergency"],
        signal: context.left,
        kept: keptOf(context),
        progress: (done, of) => {
          bar.element.hidden = false;
          bar.set(done, of, t().asking(done, of));
        },
      });
      const shown = found.records.filter(({ replaced }) => !replaced).map(summary);
      const incomplete = found.incomplete.length === 0 ? [] : [notice("warning", element("p", {}, t().incomplete))];
      place.replaceChildren(...incomplete, ...(shown.length === 0 ? [empty(element("p", {}, t().nothing))] : shown));
    });
    bar.element.hidden = true;
  });
  return card(
    t().summary,
    element("p", {}, t().summaryHint),
    place,
    bar.element,
    element("div", { class: "actions" }, show, quiet(t().showHint)),
  );
}

function summary(record: OpenRecord): HTMLElement {
  const one = held(record);
  return element("section", { class: "part" }, element("h3", {}, t().writtenBy(isolated(one.hospital), day(one.date))), ...briefly(one));
}

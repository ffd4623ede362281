/** The versions of a record's document; read anew, as a plain reading opens the newest alone. */

import { read, type OpenRecord } from "../../core/reading";
import { records as t } from "../../text/records";
import { button, element } from "../../ui/dom";
import { day, number, time } from "../../ui/formats";
import { attempt } from "../../ui/messages";
import { card, foldable, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { held } from "../portrait/held";
import { keptOf, readingSession } from "../sitting";
import { versionLine } from "./record";
import { resourceList } from "./resources";

export function versionsCard(record: OpenRecord, context: Context): HTMLElement {
  const place = element("div");
  const show = button(t().versions.show, "plain", () =>
    attempt(async () => {
      const found = await versions(record, context);
      const others = found.filter(({ header }) => header.recordId !== record.header.recordId);
      show.hidden = true;
      place.replaceChildren(...(others.length === 0 ? [quiet(t().versions.only)] : others.map(former)));
    }),
  );
  return card(t().versions.title, quiet(t().versions.how), place, element("div", { class: "actions" }, show));
}

/** All of this document, the newest first. */
async function versions({ header, document }: OpenRecord, context: Context): Promise<readonly OpenRecord[]> {
  const session = await readingSession(context);
  const options = { categories: [header.category], history: true, signal: context.left, kept: keptOf(context) };
  const { records } = await read(session, context.network, options);
  const same = records.filter((one) => one.document === document && one.header.author === header.author);
  return same.sort((left, right) => right.header.version - left.header.version);
}

function former(one: OpenRecord): HTMLElement {
  const { header } = one;
  return foldable(
    `${t().version(number(header.version))} · ${day(header.date)}`,
    element("p", {}, versionLine(one), " · ", time(header.date, day)),
    ...resourceList(held(one)),
  );
}

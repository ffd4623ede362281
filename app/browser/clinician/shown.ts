/** What was read, on the page: what is technically missing first, then the portrait, the records, the receipts. */

import type { Network } from "../core/api";
import type { ToRecord } from "../patient/overview/health";
import { sections } from "../patient/overview/view";
import type { Held } from "../patient/portrait/held";
import { portrait } from "../patient/portrait/portrait";
import { resourceList } from "../patient/records/resources";
import { categoryWords } from "../text/codes";
import { reading as t } from "../text/clinic_reading";
import { speakToReaders } from "../text/portrait";
import { element } from "../ui/dom";
import { day, name, number, short, time } from "../ui/formats";
import { card, empty, facts, foldable, link, notice, quiet } from "../ui/parts";
import { table } from "../ui/table";
import type { Context } from "../ui/view";
import type { Read } from "./reading";
import type { Issue, Receipt } from "./searchset";

speakToReaders();

export function shown(found: Read, context: Context, toRecord: ToRecord): HTMLElement {
  const { records, issues, receipts } = found;
  const whole = portrait(records, Date.now());
  return element(
    "div",
    {},
    ...(issues.length === 0 ? [] : [incomplete(issues)]),
    // the same whatever is withheld, so it tells nothing
    notice("info", element("p", {}, t().permitted)),
    ...(records.length === 0
      ? [empty(element("p", {}, element("strong", {}, t().none)), element("p", {}, t().noneHow))]
      : [...sections(whole, toRecord, context.left), recordsCard(records, toRecord)]),
    ...(receipts.length === 0 ? [] : [witnessed(receipts, context.network)]),
  );
}

/** What each record says, for who has no page for it. */
export const spelledOut = (records: readonly Held[]): readonly HTMLElement[] =>
  records.map((one) => foldable(`${categoryWords(one.category)} · ${one.hospital}`, ...resourceList(clinical(one))));

/** Whose record it is stands once on the page. */
const clinical = (record: Held): Held => ({
  ...record,
  resources: record.resources.filter(({ resourceType }) => resourceType !== "Patient"),
});

/** Never what is withheld: only what is missing for technical reasons. The gateway's own words, which are English, are folded away. */
function incomplete(issues: readonly Issue[]): HTMLElement {
  const lines = new Set(issues.map(({ code }) => (code === null ? undefined : t().issues[code]) ?? t().issue));
  const details = issues.filter(({ words }) => words !== "").map(({ words }) => element("li", { lang: "en" }, words));
  return notice(
    "warning",
    element("p", {}, element("strong", {}, t().incomplete)),
    element("p", {}, t().incompleteHow),
    element("ul", {}, ...[...lines].map((line) => element("li", {}, line))),
    ...(details.length === 0 ? [] : [foldable(t().details, element("ul", {}, ...details))]),
  );
}

/** One line a record; with an address, the way to what it says, else what it says below. */
function recordsCard(records: readonly Held[], toRecord: ToRecord): HTMLElement {
  return card(
    t().records,
    table(
      t().recordsTable,
      [
        { title: t().date, cell: ({ date }) => (date === "" ? null : time(date, day)) },
        { title: t().category, cell: (one) => titled(one, toRecord(one.recordId)) },
        { title: t().hospital, cell: ({ hospital }) => name(hospital) },
      ],
      records,
    ),
  );
}

function titled(one: Held, address: `#/${string}` | null): HTMLElement {
  return address === null ? element("span", {}, categoryWords(one.category)) : link(categoryWords(one.category), address);
}

/** What one record says, and which keepers gave it. */
export function recordShown(record: Held, found: Read, { network }: Context): HTMLElement {
  const own = found.receipts.filter(({ recordId }) => recordId === record.recordId);
  return element(
    "div",
    {},
    link(t().back, "#/record"),
    element("h2", { id: "record-title" }, categoryWords(record.category)),
    facts(
      [t().hospital, name(record.hospital)],
      [t().date, record.date === "" ? null : time(record.date, day)],
      [t().version, number(record.version)],
      [t().record, short(record.recordId)],
    ),
    ...resourceList(clinical(record)),
    ...(own.length === 0 ? [] : [witnessed(own, network)]),
  );
}

function witnessed(receipts: readonly Receipt[], network: Network): HTMLElement {
  const seat = (keeper: string): string => {
    const found = network.keepers.find(({ account }) => account === keeper);
    return found === undefined ? keeper : t().seat(found.seat);
  };
  return card(
    t().receipts,
    quiet(t().receiptsHow),
    foldable(
      t().receiptsTable,
      table(
        t().receiptsTable,
        [
          { title: t().record, cell: ({ recordId }) => short(recordId) },
          { title: t().keeper, cell: ({ keeper }) => seat(keeper) },
          { title: t().number, cell: ({ words }) => /\d+/.exec(words)?.[0] ?? "", numeric: true },
          { title: t().value, cell: ({ value }) => short(value) },
        ],
        receipts,
      ),
    ),
  );
}

/** What was read, on the page: what is technically missing first, then the person, the entries, the receipts. */

import type { Network } from "../core/api";
import { described } from "../patient/portrait/facts";
import type { Held } from "../patient/portrait/held";
import { portrait } from "../patient/portrait/portrait";
import type { Statement } from "../patient/portrait/statements";
import { when, type When } from "../patient/portrait/when";
import { categoryWords } from "../text/codes";
import { reading as t } from "../text/clinic_reading";
import { element } from "../ui/dom";
import { day, list, name, short, time } from "../ui/formats";
import { card, empty, foldable, notice, quiet } from "../ui/parts";
import { table } from "../ui/table";
import type { Read } from "./reading";
import type { Issue, Receipt } from "./searchset";

const CONTEXT: ReadonlySet<string> = new Set([
  "Patient", "Practitioner", "PractitionerRole", "Organization", "Location", "HealthcareService", "Endpoint", "Substance",
]);

export function shown(found: Read, network: Network): HTMLElement {
  const { records, issues, receipts } = found;
  const whole = portrait(records, Date.now());
  return element(
    "div",
    {},
    ...(issues.length === 0 ? [] : [incomplete(issues)]),
    ...(records.length === 0
      ? [empty(element("p", {}, element("strong", {}, t().none)), element("p", {}, t().noneHow))]
      : [
          statementCard(t().allergies, whole.allergies),
          statementCard(t().conditions, whole.conditions),
          statementCard(t().medicines, whole.medicines),
          entries(records),
        ]),
    ...(receipts.length === 0 ? [] : [witnessed(receipts, network)]),
  );
}

/** Never what is withheld: only what is missing for technical reasons. */
function incomplete(issues: readonly Issue[]): HTMLElement {
  const lines = issues.map(({ code, words }) =>
    element("li", {}, (code === null ? undefined : t().issues[code]) ?? t().issue, " ", element("span", { class: "quiet", lang: "en" }, words)),
  );
  return notice(
    "warning",
    element("p", {}, element("strong", {}, t().incomplete)),
    element("p", {}, t().incompleteHow),
    element("ul", {}, ...lines),
  );
}

/** What holds now, as far as what may be read says so; what is over stands among the entries. */
function statementCard<Detail>(title: string, statements: readonly Statement<Detail>[]): HTMLElement {
  const now = statements.filter(({ standing }) => standing === "current" || standing === "unknown");
  if (now.length === 0) return card(title, quiet(t().nothing));
  const lines = now.map((one) =>
    element("li", {}, element("bdi", {}, one.name.words), " ", element("span", { class: "quiet" }, list(one.hospitals))),
  );
  return card(title, element("ul", {}, ...lines));
}

interface Line {
  readonly held: Held;
  readonly words: string;
  readonly when: When | null;
}

function entries(records: readonly Held[]): HTMLElement {
  const lines = records
    .flatMap((held) => held.resources.filter(({ resourceType }) => !CONTEXT.has(resourceType)).map((one) => ({ one, held })))
    .map(({ one, held }): Line => {
      const { title, when: at, type } = described(one, held);
      return { held, words: title?.words || type, when: at ?? when(held.date) };
    })
    .sort((left, right) => (right.when?.start ?? 0) - (left.when?.start ?? 0));
  return card(
    t().records,
    table(
      t().recordsTable,
      [
        { title: t().date, cell: (one) => (one.when === null ? null : time(one.when.text, day)) },
        { title: t().holds, cell: ({ words }) => element("bdi", {}, words) },
        { title: t().category, cell: ({ held }) => categoryWords(held.category) },
        { title: t().hospital, cell: ({ held }) => name(held.hospital) },
      ],
      lines,
    ),
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

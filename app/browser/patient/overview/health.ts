/** Allergies, medicines and conditions: each once, with everybody who says so. */

import { codeWords } from "../../text/fhir";
import { portraitText as t } from "../../text/portrait";
import { element, type Child } from "../../ui/dom";
import { list, name, number } from "../../ui/formats";
import { badge, card, empty, foldable, quiet } from "../../ui/parts";
import { table } from "../../ui/table";
import { isDangerous, reactionsOf, type AllergyDetail, type ConditionDetail } from "../portrait/conditions";
import type { MedicineDetail } from "../portrait/medicines";
import type { Portrait } from "../portrait/portrait";
import type { Said, Standing, Statement } from "../portrait/statements";
import { conceptName, conceptWords, dosageWords, spanWords, timeElement } from "./words";

/** Leads to a record's own page; null where there is none to lead to. */
export type ToRecord = (recordId: string) => `#/${string}` | null;

type Line<Detail> = (one: Statement<Detail>) => readonly (Child | null)[];

export function allergyCard({ allergies }: Portrait, toRecord: ToRecord): HTMLElement {
  return statementCard(t().allergies, t().noAllergies, allergies, toRecord, allergyLines, (one) =>
    isDangerous(one) ? badge(t().highRisk, "danger") : null,
  );
}

export const medicineCard = ({ medicines }: Portrait, toRecord: ToRecord): HTMLElement =>
  statementCard(t().medicines, t().noMedicines, medicines, toRecord, medicineLines);

export const conditionCard = ({ conditions }: Portrait, toRecord: ToRecord): HTMLElement =>
  statementCard(t().conditions, t().noConditions, conditions, toRecord, conditionLines);

function statementCard<Detail>(
  title: string,
  none: string,
  found: readonly Statement<Detail>[],
  toRecord: ToRecord,
  lines: Line<Detail>,
  mark: (one: Statement<Detail>) => HTMLElement | null = () => null,
): HTMLElement {
  const of = (...standings: readonly Standing[]): readonly Statement<Detail>[] =>
    found.filter(({ standing }) => standings.includes(standing));
  const now = of("current", "unknown");
  const drawn = (these: readonly Statement<Detail>[]): HTMLElement =>
    element("ul", { class: "things" }, ...these.map((one) => thing(one, toRecord, lines, mark(one))));
  const folded = (words: (count: string) => string, these: readonly Statement<Detail>[]): HTMLElement | null =>
    these.length === 0 ? null : foldable(words(number(these.length)), drawn(these));
  return card(
    title,
    now.length === 0 ? empty(element("p", {}, none)) : drawn(now),
    folded(t().former, of("past")),
    folded(t().ruledOut, of("ruled-out")),
  );
}

function thing<Detail>(
  one: Statement<Detail>,
  toRecord: ToRecord,
  lines: Line<Detail>,
  mark: HTMLElement | null,
): HTMLElement {
  const told = lines(one).filter((line) => line !== null && line !== "");
  return element(
    "li",
    {},
    element(
      "p",
      { class: "thing" },
      conceptName(one.name),
      ...(mark === null ? [] : [" ", mark]),
      ...(one.differ ? [" ", badge(t().differ, "warning")] : []),
    ),
    ...told.map((line) => element("p", { class: "detail" }, line)),
    ...(one.standing === "unknown" && one.newest.category !== "allergy" ? [quiet(t().noWordOnState)] : []),
    sources(one, toRecord),
  );
}

function sources<Detail>(one: Statement<Detail>, toRecord: ToRecord): HTMLElement {
  // A summary says again what is counted already.
  const own = one.said.filter(({ repeated }) => !repeated);
  const counted = own.length === 0 ? one.said : own;
  const [first] = counted;
  const hospitals = list(one.hospitals);
  if (counted.length === 1 && first !== undefined) {
    const address = toRecord(first.recordId);
    return quiet(
      name(first.hospital),
      ...(first.when === null ? [] : [" · ", timeElement(first.when)]),
      ...(address === null ? [] : [" · ", element("a", { href: address }, t().see)]),
    );
  }
  return foldable(
    t().saidBy(hospitals, number(counted.length)),
    table(
      conceptWords(one.name),
      [
        { title: t().columns.when, cell: ({ when }: Said<Detail>) => (when === null ? t().undated : timeElement(when)) },
        { title: t().columns.hospital, cell: ({ hospital }) => name(hospital) },
        { title: t().columns.said, cell: (said) => saidWords(said) },
        { title: t().columns.record, cell: ({ recordId }) => recordLink(recordId, toRecord) },
      ],
      one.said,
      10,
    ),
  );
}

function recordLink(recordId: string, toRecord: ToRecord): Child {
  const address = toRecord(recordId);
  return address === null ? null : element("a", { href: address }, t().see);
}

function saidWords<Detail>({ standing, repeated, name: said }: Said<Detail>): string {
  const states: Readonly<Record<Standing, string>> = {
    current: codeWords("active", "clinical-status"),
    past: codeWords("resolved"),
    "ruled-out": codeWords("refuted"),
    unknown: t().notSaid,
  };
  const parts = [conceptWords(said), states[standing], repeated ? t().repeated : ""];
  return parts.filter((part) => part !== "").join(" · ");
}

const allergyLines: Line<AllergyDetail> = (one) => [
  ...distinctLines(one.said.map(({ detail: { kinds } }) => (kinds.length === 0 ? "" : list(kinds.map((kind) => codeWords(kind)))))),
  ...reactionsOf(one)
    .filter(({ manifestations }) => manifestations.length > 0)
    .map(({ manifestations, severity }) =>
      [`${t().reaction}: ${list(manifestations.map(conceptWords))}`, severity === null ? "" : codeWords(severity)]
        .filter((part) => part !== "")
        .join(" · "),
    ),
  ...distinctLines(one.said.flatMap(({ detail }) => detail.notes)),
];

const distinctLines = (lines: readonly string[]): readonly string[] => [...new Set(lines)];

const medicineLines: Line<MedicineDetail> = ({ newest: { detail: { dosages, period, by, kind, reasons, notes } } }) => [
  ...dosages.map(dosageWords),
  period === null ? null : spanWords(period),
  kind === "taken" ? t().taken : by === null ? null : t().by(by),
  reasons.length === 0 ? null : list(reasons.map(conceptWords)),
  ...notes,
];

const conditionLines: Line<ConditionDetail> = ({ newest: { detail: { began, ended, severity, certainty, notes } } }) => [
  began === null && ended === null ? null : spanWords({ from: began, until: ended }),
  severity === null ? null : conceptWords(severity),
  certainty === null || certainty === "confirmed" ? null : codeWords(certainty),
  ...notes,
];


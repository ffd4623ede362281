/** One record: what it says, who wrote it, whether it is genuine, its versions. */

import type { OpenRecord } from "../../core/reading";
import { isoOf } from "../../layouts/times";
import { categoryWords } from "../../text/codes";
import { petitionText } from "../../text/petitions";
import { records as t } from "../../text/records";
import { element } from "../../ui/dom";
import { day, moment, name, number, short, time } from "../../ui/formats";
import { later } from "../../ui/later";
import { badge, card, facts, link, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { held } from "../portrait/held";
import { petitionCard } from "./petition";
import { proofCard } from "./proof";
import { resourceList } from "./resources";
import { asFhir, saved } from "./saving";
import { versionsCard } from "./versions";

export function recordPage(record: OpenRecord, context: Context): HTMLElement {
  const { header } = record;
  return element(
    "div",
    {},
    link(t().back, "#/records"),
    element("h2", { id: "record-title" }, `${categoryWords(header.category)} · ${day(header.date)}`),
    quiet(name(record.author.name)),
    ...resourceList(held(record)),
    aboutCard(record),
    proofCard(record, context),
    versionsCard(record, context),
    later("petition", petitionText().title, () => petitionCard(record, context), context.left),
    element("div", { class: "actions" }, saved(t().one, "record.json", () => asFhir(record.bundle))),
  );
}

function aboutCard(record: OpenRecord): HTMLElement {
  const { header, author } = record;
  const fields = t().fields;
  return card(
    t().about,
    facts(
      [fields.hospital, name(author.name)],
      [fields.account, short(author.address)],
      [fields.date, time(header.date, day)],
      [fields.category, categoryWords(header.category)],
      [fields.confidentiality, t().confidentiality[header.confidentiality] ?? header.confidentiality],
      [fields.version, versionLine(record)],
      [fields.anchored, time(isoOf(record.anchoredAt), moment)],
      [fields.id, short(header.recordId)],
    ),
  );
}

export function versionLine({ header, replaced }: OpenRecord): HTMLElement {
  const state = replaced ? badge(t().former, "warning") : badge(t().newest, "good");
  return element("span", {}, `${number(header.version)} `, state, ...(header.replaces === null ? [] : [` ${t().replaces}`]));
}

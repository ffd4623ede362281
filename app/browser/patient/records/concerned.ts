/** Which record something is about, in words: by what is open in this page, so that no gateway hears more (W-116). */

import type { OpenRecord } from "../../core/reading";
import { categoryWords } from "../../text/codes";
import { petitionText as t } from "../../text/petitions";
import { element } from "../../ui/dom";
import { day, name, short } from "../../ui/formats";
import { link } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { isOpening, reading } from "../reading";
import { shownOf } from "../sensitive";
import { addressOf } from "./addresses";

/** Kind, date and hospital of the record, or of what took its place; where none of it stands open, the hospital and the id. */
export function concerned(recordId: string, hospital: string, context: Context): HTMLElement {
  const open = reading(context)?.records ?? null;
  const shown = open === null ? [] : shownOf(open, context);
  const own = shown.find(({ header }) => header.recordId === recordId);
  const newer = shown.find(({ header, document }) => header.replaces === recordId || document === recordId);
  const found = own ?? newer;
  if (found !== undefined) {
    const address = addressOf(shown, found.header.recordId) ?? "#/records";
    return element("p", {}, ...(own === undefined ? [t().former, " "] : []), link(kindAndDate(found), address), ", ", name(found.author.name));
  }
  const why = open === null || isOpening(context) ? [t().notOpen, " ", link(t().toOpen, "#/overview")] : [t().notAmong];
  return element("p", {}, t().aRecord, " ", short(recordId), ", ", name(hospital), ". ", ...why);
}

const kindAndDate = ({ header }: OpenRecord): string => `${categoryWords(header.category)} · ${day(header.date)}`;

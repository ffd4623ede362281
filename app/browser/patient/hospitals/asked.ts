/** What the patient asked the hospital that serves this page about records: found here also when a record is gone (W-100, W-116). */

import { petitions } from "../../core/petitions";
import { petitionText as t } from "../../text/petitions";
import { element } from "../../ui/dom";
import { later } from "../../ui/later";
import { card } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { concerned } from "../records/concerned";
import { petitionList } from "../records/petition";

export const askedHere = (context: Context): HTMLElement =>
  later("asked-here", t().asked, async () => {
    const found = await petitions();
    const { name } = context.network.member;
    const list = (): HTMLElement => petitionList(found, name, ({ record }) => concerned(record, name, context));
    return card(t().asked, found.length === 0 ? element("p", {}, t().askedNone) : list());
  }, context.left);

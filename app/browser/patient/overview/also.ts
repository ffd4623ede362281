/** What stands beside the rest: vaccinations, procedures, devices, people to contact. */

import { portraitText as t } from "../../text/portrait";
import { element, type Child } from "../../ui/dom";
import { list, name } from "../../ui/formats";
import { card } from "../../ui/parts";
import { table } from "../../ui/table";
import type { Contact, Event } from "../portrait/events";
import type { Portrait } from "../portrait/portrait";
import type { ToRecord } from "./health";
import { conceptName, conceptWords, namesLine, timeElement } from "./words";

/** Null if there is nothing of all this. */
export function alsoCard(portrait: Portrait, toRecord: ToRecord): HTMLElement | null {
  const parts = [
    eventTable(t().vaccinations, portrait.vaccinations, toRecord),
    eventTable(t().procedures, portrait.procedures, toRecord),
    deviceList(portrait),
    contactTable(portrait.contacts),
  ].filter((part): part is HTMLElement => part !== null);
  return parts.length === 0 ? null : card(t().also, ...parts);
}

function eventTable(title: string, events: readonly Event[], toRecord: ToRecord): HTMLElement | null {
  if (events.length === 0) return null;
  const link = ({ records: [first] }: Event): Child => {
    const address = first === undefined ? null : toRecord(first);
    return address === null ? null : element("a", { href: address }, t().see);
  };
  return table(
    title,
    [
      { title: t().columns.what, cell: (one) => conceptName(one.name) },
      { title: t().columns.when, cell: ({ when }) => (when === null ? t().undated : timeElement(when)) },
      { title: t().columns.hospital, cell: ({ hospitals }) => namesLine(hospitals) },
      { title: t().columns.record, cell: link },
    ],
    events,
    10,
  );
}

function deviceList({ devices }: Portrait): HTMLElement | null {
  const used = devices.filter(({ standing }) => standing !== "past");
  if (used.length === 0) return null;
  const items = used.map((one) => element("li", {}, conceptName(one.name), " · ", namesLine(one.hospitals)));
  return element("div", {}, element("h3", {}, t().devices), element("ul", {}, ...items));
}

function contactTable(contacts: readonly Contact[]): HTMLElement | null {
  if (contacts.length === 0) return null;
  const items = contacts.map((one) =>
    element(
      "li",
      {},
      name(one.name ?? t().notSaid),
      ...(one.relations.length === 0 ? [] : [" · ", list(one.relations.map(conceptWords))]),
      ...(one.reach.length === 0 ? [] : [" · ", element("bdi", {}, one.reach.join(", "))]),
    ),
  );
  return element("div", {}, element("h3", {}, t().contacts), element("ul", {}, ...items));
}

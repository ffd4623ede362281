/** What somebody meets who has nothing here yet: three steps, and which of them are done (W-93). */

import * as api from "../../core/api";
import { linkedSince } from "../../core/links";
import type { Session } from "../../core/session";
import { toldConsents } from "../../core/told_consents";
import { firstSteps as t } from "../../text/first_steps";
import { isolated } from "../../text/isolated";
import { element } from "../../ui/dom";
import { day, number } from "../../ui/formats";
import { badge, card, link, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";

/** How far somebody has come at the member that serves this page. */
export interface Begun {
  readonly directory: boolean;
  /** ISO 8601; null while this member knows nobody by this wallet. */
  readonly linkedSince: string | null;
  readonly consents: number;
}

export async function begun(session: Session): Promise<Begun> {
  const [{ cid }, since, shown] = await Promise.all([api.directory(), linkedSince(), toldConsents(session)]);
  return { directory: cid !== null, linkedSince: since, consents: shown.filter(({ status, by }) => status === "active" && by !== "unchecked").length };
}

/** Somebody whom no hospital knows here and who has agreed to nothing is shown the way. */
export const isNew = ({ directory, linkedSince: since, consents }: Begun): boolean =>
  !directory || (since === null && consents === 0);

export function stepsCard({ directory, linkedSince: since, consents }: Begun, { network }: Context): HTMLElement {
  const { link: first, agree, watch } = t();
  const linked = since === null ? null : first.linked(isolated(network.member.name), day(since));
  const way = directory ? link(first.show, "#/emergency", "button") : link(first.open, "#/consents", "button");
  return card(
    t().title,
    quiet(t().lead),
    element(
      "ol",
      { class: "steps" },
      step(first.title, first.words, linked, directory && linked !== null ? null : way),
      step(agree.title, agree.words, consents === 0 ? null : agree.given(number(consents)), link(agree.look, "#/consents")),
      step(watch.title, watch.words, null, link(watch.look, "#/readers")),
    ),
  );
}

function step(title: string, words: string, done: string | null, way: HTMLElement | null): HTMLElement {
  return element(
    "li",
    {},
    element("h3", {}, title, ...(done === null ? [] : [" ", badge(t().done, "good")])),
    element("p", {}, words),
    done === null ? null : quiet(done),
    way === null ? null : element("p", {}, way),
  );
}

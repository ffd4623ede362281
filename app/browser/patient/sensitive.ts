/** Whether sensitive records stand openly on the page: not before the patient says so, as somebody may look over a shoulder (W-95). */

import type { OpenRecord } from "../core/reading";
import type { Session } from "../core/session";
import { sensitiveText as t } from "../text/sensitive";
import { button, element } from "../ui/dom";
import type { Context } from "../ui/view";
import { SENSITIVE } from "./consents/templates";

const openly = new WeakSet<Session>();

const isSensitive = ({ header }: OpenRecord): boolean =>
  SENSITIVE.includes(header.category) || header.confidentiality !== "N";

/** What the page may show now. */
export const shownOf = (records: readonly OpenRecord[], { session }: Pick<Context, "session">): readonly OpenRecord[] =>
  openly.has(session) ? records : records.filter((one) => !isSensitive(one));

const ID = "sensitive-switch";

/** The same words whether there are any or not: what is hidden is not told by its place. */
export function sensitiveSwitch({ session, refresh }: Context): HTMLElement {
  const on = openly.has(session);
  const change = button(on ? t().hide : t().show, "plain", () => {
    if (on) openly.delete(session);
    else openly.add(session);
    return refresh(ID);
  });
  change.id = ID;
  return element("div", { class: "switch" }, element("p", { class: "quiet" }, on ? t().shown : t().hidden), change);
}

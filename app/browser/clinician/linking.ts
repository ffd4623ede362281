/** Linking a wallet with a number: the desk asks, the patient signs on the own device. */

import { Problem } from "../core/api";
import * as clinic from "../core/clinic";
import { patient as t } from "../text/clinic_patient";
import { button, element } from "../ui/dom";
import { short } from "../ui/formats";
import { attempt, say } from "../ui/messages";
import { card, facts } from "../ui/parts";
import type { Context } from "../ui/view";
import { form, textField } from "./forms";
import { until } from "./waiting";

const LINK_SECONDS = 600;

export function linkCard(did: string, context: Context, linked: (one: clinic.Linked) => Promise<void>): HTMLElement {
  const number = textField(t().linkNumber, t().numberHint);
  const body = element("div");
  const begin = button(t().linkBegin, "primary", () =>
    attempt(async () => {
      number.complain(null);
      const mrn = number.control.value.trim();
      if (mrn === "") {
        number.complain(t().empty);
        return;
      }
      await clinic.beginLink(mrn, did);
      body.replaceChildren(waitingFor(context));
      const made = await until(() => linkOf(mrn, did), LINK_SECONDS, context.left).catch((error: unknown) => {
        body.replaceChildren(asking);
        throw error;
      });
      if (made !== null) {
        await linked({ ...made, number: mrn });
        say(t().linked);
      } else if (!context.left.aborted) {
        body.replaceChildren(asking);
        say(t().linkOver);
      }
    }),
  );
  const asking = form(begin, number.element);
  body.append(asking);
  return card(t().link, element("p", {}, t().linkUnknown), facts([t().did, short(did)]), body);
}

function waitingFor({ network }: Context): HTMLElement {
  return element(
    "div",
    { role: "status" },
    element("p", {}, element("strong", {}, t().linkWaits)),
    element("p", {}, t().linkHow(network.member.name)),
    facts([t().linkAt, element("code", {}, location.origin)]),
    element("progress", { "aria-label": t().linkWaits }),
  );
}

/** The link of this number, once it is this person's. */
async function linkOf(mrn: string, did: string): Promise<clinic.Linked | null> {
  try {
    const found = await clinic.find({ mrn });
    return found.did === did ? found : null;
  } catch (error) {
    if (error instanceof Problem && error.code === "patient-not-linked") return null;
    throw error;
  }
}

/** Beginning an emergency opening: the first of two signs, then it waits for the second one's own device. */

import * as clinic from "../core/clinic";
import { openingAsked } from "../core/clinic_checks";
import { signAndSend } from "../core/signed_once";
import { signingClock } from "../core/signing_clock";
import type { Hex } from "../layouts/bytes";
import { emergency as t } from "../text/clinic_emergency";
import { button, element } from "../ui/dom";
import { attempt } from "../ui/messages";
import { card, notice } from "../ui/parts";
import type { Context } from "../ui/view";
import { openedForChosen, toOpen } from "./chosen";
import { accountOf, didIn, isDid } from "./dids";
import { scanner } from "./finding";
import { choice, choiceByName, form, textField } from "./forms";
import { distinct } from "./people";

const MINUTES = [15, 30, 60, 120] as const;

export async function openingCard(staff: readonly clinic.Colleague[], context: Context): Promise<HTMLElement> {
  // A system account may not sign (E-3).
  const others = staff.filter(({ account, active, role }) => active && role !== "system" && account !== context.session.account);
  if (others.length === 0) return card(t().open, element("p", {}, t().openHow), notice("warning", t().youAlone));
  const known = await toOpen(context);
  const patient = textField(t().patient, known === null ? t().patientHint : t().fromPatient(known.number ?? null));
  patient.control.value = known?.did ?? "";
  const second = choiceByName(t().second, t().choose, distinct(others), t().secondHint);
  const minutes = choice(t().minutes, t().choose, MINUTES.map((count) => [String(count), t().inMinutes(count)] as const));
  const body = element("div");
  const begin = button(t().begin, "danger", () =>
    attempt(async () => {
      const did = didIn(patient.control.value, context.network.chainId);
      minutes.complain(minutes.control.value === "" ? t().noMinutes : null);
      second.complain(second.control.value === "" ? t().noSecond : null);
      patient.complain(isDid(did) ? null : t().noPatient);
      if (!isDid(did) || second.control.value === "" || minutes.control.value === "") return;
      const chosenSecond = second.control.value as Hex;
      await signFirst(did, chosenSecond, Number(minutes.control.value) * 60, context);
      await openedForChosen(context);
      await context.refresh("page-title");
    }),
  );
  const fields = form(begin, patient.element, second.element, minutes.element);
  const scan = scanner(context, async (did) => {
    patient.control.value = did;
    second.control.focus();
  });
  body.append(...(known === null ? [scan, fields] : [fields, scan]));
  const made = card(t().open, element("p", {}, t().openHow), body);
  made.id = "open-emergency";
  return made;
}

async function signFirst(did: string, second: Hex, seconds: number, context: Context): Promise<clinic.HalfSigned> {
  const { session, network } = context;
  const prepare = async () => {
    const worded = await clinic.wordOpening({ patient: did, first: session.account, second, seconds });
    const now = (await signingClock(network)).now();
    const data = openingAsked(worded, { patient: accountOf(did), first: session.account, second, seconds }, network, now);
    return { data, body: { opening: worded.opening } };
  };
  return signAndSend(`open ${did} ${second} ${seconds}`, session, prepare, ({ opening, signature }) =>
    clinic.keepWaiting(opening, signature),
  );
}

/** Openings that a colleague has signed and that wait for this person's signature. */

import { Mismatch } from "../core/checks";
import * as clinic from "../core/clinic";
import { openingToSign } from "../core/clinic_checks";
import { signAndSend } from "../core/signed_once";
import { emergency as t } from "../text/clinic_emergency";
import { button, element } from "../ui/dom";
import { time } from "../ui/formats";
import { attempt, say } from "../ui/messages";
import { card, facts } from "../ui/parts";
import type { Context } from "../ui/view";
import { accountOf } from "./dids";
import { called, person } from "./people";

export const waitingCards = (
  halves: readonly clinic.HalfSigned[],
  staff: readonly clinic.Colleague[],
  context: Context,
): readonly HTMLElement[] => halves.map((half) => waitingCard(half, staff, context));

function waitingCard(half: clinic.HalfSigned, staff: readonly clinic.Colleague[], context: Context): HTMLElement {
  const { opening } = openingToSign(half, context.network);
  if (accountOf(half.patient) !== opening.subject.patient) throw new Mismatch();
  const sign = button(t().sign, "danger", () => attempt(() => countersign(half, context)));
  const decline = button(t().decline, "plain", () =>
    attempt(async () => {
      await clinic.decline(half.id);
      await context.refresh();
      say(t().declinedNow);
    }),
  );
  return card(
    t().yours,
    element("p", {}, t().yoursHow(called(opening.first, staff))),
    facts(
      [t().patient, element("code", { class: "hash" }, half.patient)],
      [t().first, person(opening.first, staff)],
      [t().until, time(opening.openUntil)],
    ),
    element("div", { class: "actions" }, sign, decline),
  );
}

async function countersign(half: clinic.HalfSigned, context: Context): Promise<void> {
  const { session, network } = context;
  await signAndSend(
    `countersign ${half.id}`,
    session,
    async () => ({ data: openingToSign(half, network).typedData, body: {} }),
    ({ signature }) => clinic.countersign(half.id, signature),
  );
  context.show("emergency");
  await context.refresh();
  say(t().opened);
}

/** The patient whom the clinician works with: in memory, until somebody else is chosen or the sign-in ends. */

import type { Linked } from "../core/clinic";
import { patient as t } from "../text/clinic_patient";
import { short } from "../ui/formats";
import type { Context } from "../ui/view";

const CHOSEN = "chosen-patient";
const OPENED = "opened-for-chosen";

export const chosen = (context: Context): Promise<Linked | null> => context.once<Linked | null>(CHOSEN, async () => null);

export async function choose(context: Context, patient: Linked | null): Promise<void> {
  context.forget(CHOSEN);
  context.forget(OPENED);
  await context.once<Linked | null>(CHOSEN, async () => patient);
}

/** Who it is, in the two ways that the desk knows: the number here, where it was typed, and the DID. */
export const identity = ({ did, number }: Pick<Linked, "did" | "number">): readonly (readonly [string, HTMLElement | string | null])[] => [
  [t().number, number ?? null],
  [t().did, short(did)],
];

/** For whom an emergency form begins: the chosen patient, until an opening was signed for that one. */
export const toOpen = async (context: Context): Promise<Linked | null> =>
  (await context.once(OPENED, async () => false)) ? null : chosen(context);

export async function openedForChosen(context: Context): Promise<void> {
  context.forget(OPENED);
  await context.once(OPENED, async () => true);
}

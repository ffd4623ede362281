/** The patient whom the clinician works with: in memory, until somebody else is chosen or the sign-in ends. */

import type { Linked } from "../core/clinic";
import { patient as t } from "../text/clinic_patient";
import { short } from "../ui/formats";
import type { Context } from "../ui/view";

const CHOSEN = "chosen-patient";
const OPENED = "opened-for-chosen";
const UNLINKED = "open-for-unlinked";

export const chosen = (context: Context): Promise<Linked | null> => context.once<Linked | null>(CHOSEN, async () => null);

export async function choose(context: Context, patient: Linked | null): Promise<void> {
  context.forget(CHOSEN);
  context.forget(OPENED);
  context.forget(UNLINKED);
  await context.once<Linked | null>(CHOSEN, async () => patient);
}

/** Who it is, in the two ways that the desk knows: the number here, where it was typed, and the DID. */
export const identity = ({ did, number }: Pick<Linked, "did" | "number">): readonly (readonly [string, HTMLElement | string | null])[] => [
  [t().number, number ?? null],
  [t().did, short(did)],
];

/** Somebody for an emergency form, as the desk knows the person: linked, or by the DID alone. */
export type ToOpen = Pick<Linked, "did" | "number">;

/** For whom an emergency form begins: who could not be linked, else the chosen patient, until an opening was signed for that one. */
export async function toOpen(context: Context): Promise<ToOpen | null> {
  if (await context.once(OPENED, async () => false)) return null;
  return (await context.once<ToOpen | null>(UNLINKED, async () => null)) ?? chosen(context);
}

/** The next emergency form begins for this person, who is not linked here. */
export async function openFor(did: string, context: Context): Promise<void> {
  await choose(context, null);
  context.forget(UNLINKED);
  await context.once<ToOpen | null>(UNLINKED, async () => ({ did }));
}

export async function openedForChosen(context: Context): Promise<void> {
  context.forget(OPENED);
  context.forget(UNLINKED);
  await context.once(OPENED, async () => true);
}

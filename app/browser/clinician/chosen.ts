/** The patient whom the clinician works with: in memory, until somebody else is chosen or the sign-in ends. */

import type { Linked } from "../core/clinic";
import type { Context } from "../ui/view";

const CHOSEN = "chosen-patient";

export const chosen = (context: Context): Promise<Linked | null> => context.once<Linked | null>(CHOSEN, async () => null);

export async function choose(context: Context, patient: Linked | null): Promise<void> {
  context.forget(CHOSEN);
  await context.once<Linked | null>(CHOSEN, async () => patient);
}

/** Which consent is being changed: in memory alone, as its id stands in no address. Forgotten by reloading. */

import type { Hex } from "../../layouts/bytes";
import type { Session } from "../../core/session";
import { whenBegunEnds } from "../../ui/begun";
import type { Choice } from "./templates";

interface Change {
  readonly patient: Hex;
  readonly replaced: Hex;
  readonly from: Choice;
}

let current: Change | null = null;
let last: Hex | null = null;
whenBegunEnds(() => {
  current = null;
  last = null;
});

export function change(replaced: Hex, from: Choice, { patient }: Session): void {
  current = { patient, replaced, from };
  last = replaced;
}

export const changing = ({ patient }: Session): Change | null => (current?.patient === patient ? current : null);

/** The list is shown: the form was left. Which consent was changed last is still offered first. */
export function forgetChanging(): void {
  current = null;
}

/** The consent that was changed last, to be offered first as the one to end. */
export const lastChanged = (): Hex | null => last;

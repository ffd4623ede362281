/** The patient's consents: what they say, a gateway tells under ids that are checked; how they stand, the chain tells (W-88). */

import type { Hex } from "../layouts/bytes";
import { consents, Problem, type ShownConsent, type Status } from "./api";
import { checkedConsent, Mismatch } from "./checks";
import type { Session } from "./session";
import { standingsOf, type Stands } from "./standings";

/** `differs`: the gateway says something else than the chain; `unasked`: the chain does not answer, and the gateway's word stands. */
export interface ToldConsent extends ShownConsent {
  readonly by: "chain" | "differs" | "unasked";
}

/** Those of which the gateway and the chain differ are asked about once more: the two may stand on either side of a block. */
export async function toldConsents(session: Session): Promise<readonly ToldConsent[]> {
  const first = await told(session);
  return first.some(({ by }) => by === "differs") ? told(session) : first;
}

async function told(session: Session): Promise<readonly ToldConsent[]> {
  const { patient, network } = session;
  const shown = await consents();
  const read = shown.filter((one) => isItself(one, session)).map(({ id }) => ({ id, patient }));
  const stand = await standingsOf(read, network).catch((error: unknown) => {
    if (error instanceof Problem && error.code === "chain-unreachable") return null;
    throw error;
  });
  const known = new Map<Hex, ToldConsent["by"] | Stands>(read.map(({ id }, at) => [id, stand?.[at] ?? "unasked"]));
  return shown.map((one) => {
    const stands = known.get(one.id) ?? "unasked"; // what its id does not fit is shown without a state of its own
    if (typeof stands === "string") return { ...one, by: "unasked" as const };
    const status = statusOf(stands, one.status);
    const agree = agrees(one.status, stands);
    return { ...one, status, changedAt: stands.changedAt, by: agree ? ("chain" as const) : ("differs" as const) };
  });
}

/** Whether it is what its id says. */
function isItself(shown: ShownConsent, { network, patient }: Session): boolean {
  try {
    return checkedConsent(shown, network, patient).patient === patient;
  } catch (error) {
    if (error instanceof Mismatch) return false;
    throw error;
  }
}

/** Whether there is still time to sign what nobody has, the gateway says: the page looks at that itself before signing. */
const statusOf = ({ standing }: Stands, said: Status): Status =>
  standing !== "unknown" ? standing : said === "expired" ? "expired" : "proposed";

/** Where a time has run out, two clocks may say so a little apart. */
function agrees(said: Status, { standing }: Stands): boolean {
  if (said === "expired" || standing === "expired") return said !== "revoked" && standing !== "revoked";
  return said === (standing === "unknown" ? "proposed" : standing);
}

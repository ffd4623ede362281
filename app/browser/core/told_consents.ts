/** The patient's consents: what they say, a gateway tells under ids that are checked; how they stand, the chain tells (W-88). */

import type { Hex } from "../layouts/bytes";
import { LayoutError } from "../layouts/errors";
import { mandate, type Mandate } from "../layouts/mandates";
import type { Consent } from "../layouts/terms";
import { secondsOf } from "../layouts/times";
import { consents, Problem, type Network, type ShownConsent, type Status } from "./api";
import { checkedConsent, Mismatch } from "./checks";
import { idOf } from "./mandates";
import type { Session } from "./session";
import { mandatesOf, standingsOf, type Stands } from "./standings";

/**
 * `differs`: the gateway says something else than the chain; `unasked`: the chain does not answer, and the gateway's word stands;
 * `unchecked`: it is not what its id says, and counts for nothing.
 */
export interface ToldConsent extends ShownConsent {
  readonly by: "chain" | "differs" | "unasked" | "unchecked";
  /** The mandate under which it was granted, by the chain's word; `mandate` where the gateway has it whole. */
  readonly mandated?: { readonly id: Hex; readonly mandate: Mandate | null } | null;
  /** By which clock the chain was looked at: seconds. */
  readonly seenAt?: number;
}

/** Those of which the gateway and the chain differ are asked about once more: the two may stand on either side of a block. */
export async function toldConsents(session: Session): Promise<readonly ToldConsent[]> {
  const first = await told(session);
  return first.some(({ by }) => by === "differs") ? told(session) : first;
}

async function told(session: Session): Promise<readonly ToldConsent[]> {
  const { network } = session;
  const shown = (await consents()).map((one) => ({ one, read: readOf(one, session) }));
  const checked = shown.flatMap(({ one: { id }, read }) => (read === null ? [] : [{ id, patient: read.patient }]));
  const stand = await standingsOf(checked, network).catch((error: unknown) => {
    if (error instanceof Problem && error.code === "chain-unreachable") return null;
    throw error;
  });
  const under = stand === null ? null : await mandatedOf(checked, network);
  let next = 0;
  return once(
    shown.map(({ one, read }) => {
      if (read === null) return { ...one, by: "unchecked" as const };
      const at = next++;
      const own = stand?.[at];
      if (own === undefined) return { ...one, by: "unasked" as const };
      const named = under?.[at] ?? null;
      const stands = standsUnder(own, named?.stands ?? null);
      const by = agrees(one.status, stands, read) ? ("chain" as const) : ("differs" as const);
      const mandated = named === null ? null : { id: named.id, mandate: mandateOf(one, named.id, network) };
      return { ...one, status: statusOf(stands, one.status), changedAt: stands.changedAt, by, mandated, seenAt: stands.seenAt };
    }),
  );
}

/** Of each the mandate that the chain names, with how it stands. */
async function mandatedOf(
  these: readonly { readonly id: Hex; readonly patient: Hex }[],
  network: Network,
): Promise<readonly ({ readonly id: Hex; readonly stands: Stands } | null)[]> {
  const named = await mandatesOf(these.map(({ id }) => id), network);
  const some = these.flatMap(({ patient }, at) => (named[at] ? [{ id: named[at], patient }] : []));
  const stand = await standingsOf(some, network);
  let next = 0;
  return named.map((id) => (id === null ? null : { id, stands: stand[next++] as Stands }));
}

/** What was granted under a mandate ends with it (C-17). */
const standsUnder = (own: Stands, mandate: Stands | null): Stands =>
  own.standing === "active" && mandate?.standing === "revoked" ? mandate : own;

/** What the gateway keeps of it, if it is what its id says. */
function mandateOf({ under }: ShownConsent, id: Hex, network: Network): Mandate | null {
  try {
    const read = mandate(under?.mandate);
    return idOf(read, network) === id ? read : null;
  } catch (error) {
    if (error instanceof LayoutError) return null;
    throw error;
  }
}

/** Of what is told under one id only what that id fits, once; that the gateway told more than that is said. */
function once(all: readonly ToldConsent[]): readonly ToldConsent[] {
  const found = new Map<Hex, ToldConsent>();
  for (const one of all) {
    const before = found.get(one.id);
    const kept = before === undefined || before.by === "unchecked" ? one : before;
    found.set(one.id, before === undefined || kept.by === "unchecked" ? kept : { ...kept, by: "differs" });
  }
  return [...found.values()];
}

/** What it says; null for what is not what its id says. */
function readOf(shown: ShownConsent, { network, patient }: Session): Consent | null {
  try {
    return checkedConsent(shown, network, patient);
  } catch (error) {
    if (error instanceof Mismatch) return null;
    throw error;
  }
}

/** Whether there is still time to sign what nobody has, the gateway says: the page looks at that itself before signing. */
const statusOf = ({ standing }: Stands, said: Status): Status =>
  standing !== "unknown" ? standing : said === "expired" ? "expired" : "proposed";

/** How far apart two clocks may be, where a time has run out by one of them alone. */
const APART_SECONDS = 120;

function agrees(said: Status, { standing, seenAt }: Stands, { validUntil, relayBefore }: Consent): boolean {
  const near = (iso: string): boolean => Math.abs(seenAt - secondsOf(iso)) <= APART_SECONDS;
  // Nobody has signed it: that there is no time left for that is in its terms.
  if (standing === "unknown") {
    return said === "proposed" || (said === "expired" && (near(relayBefore) || seenAt > secondsOf(relayBefore)));
  }
  if (said === standing) return true;
  return said !== "revoked" && said !== "proposed" && standing !== "revoked" && near(validUntil);
}

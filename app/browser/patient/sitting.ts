/** What the pages of one sign-in share: the session by which keepers are asked, and the account that they gave. */

import { account, type AccountOfAccesses } from "../core/account";
import type { Network } from "../core/api";
import { Kept } from "../core/kept";
import { openReadingSession, type ReadingSession } from "../core/reading_session";
import { endReadingSession } from "../core/session_ends";
import type { Session } from "../core/session";
import { named } from "../core/staff_names";
import type { Context } from "../ui/view";

type Sharing = Pick<Context, "session" | "network" | "once" | "forget" | "signedOut">;

const READING = "reading-session";
/** What is left of a session must last for what is asked under it. */
const SPARE_MILLISECONDS = 2 * 60_000;

const opened = new WeakMap<Session, ReadingSession>();

const lasts = (reading: ReadingSession): boolean => reading.expires.getTime() - Date.now() > SPARE_MILLISECONDS;

/** The one that is open; else the wallet is asked to sign one (once, whoever asks). Throws what opening one throws. */
export async function readingSession(context: Sharing): Promise<ReadingSession> {
  const { session, once } = context;
  const before = opened.get(session);
  if (before !== undefined && !lasts(before)) forgetReading(context);
  return once(READING, async () => {
    const made = await openReadingSession(session);
    opened.set(session, made);
    return made;
  });
}

/** Null while none is open: nothing is asked of the wallet. */
export function openReading({ session }: Sharing): ReadingSession | null {
  const before = opened.get(session);
  return before !== undefined && lasts(before) ? before : null;
}

/** Tells keepers that the session is over, if one is open; its own key says so, no wallet is asked. Throws Problem. */
export async function endSitting(session: Session, network: Network): Promise<void> {
  const before = opened.get(session);
  opened.delete(session);
  if (before !== undefined && before.expires.getTime() > Date.now()) await endReadingSession(before, network);
}

export function forgetReading({ session, forget }: Sharing): void {
  opened.delete(session);
  forget(READING);
}

const all = new WeakMap<Session, Kept>();

/** What this sign-in has opened; forgotten when it ends. */
export function keptOf({ session, signedOut }: Sharing): Kept {
  const before = all.get(session);
  if (before !== undefined) return before;
  const made = new Kept();
  all.set(session, made);
  signedOut.addEventListener("abort", () => made.end(), { once: true });
  return made;
}

/** A check that goes on while the patient looks at other pages. */
export interface Check {
  readonly found: Promise<AccountOfAccesses>;
  /** The account, once it is there; until then the one of the check before. */
  known: AccountOfAccesses | null;
  running: boolean;
  far: readonly [number, number] | null;
  /** Whoever shows how far it is. */
  tell: (done: number, of: number) => void;
}

const checks = new WeakMap<Session, Check>();

/** The check of this sign-in, under way or done; null before the patient asked for one. */
export const checkOf = ({ session }: Sharing): Check | null => checks.get(session) ?? null;

export const knownAccount = (context: Sharing): AccountOfAccesses | null => checkOf(context)?.known ?? null;

/** Asks every keeper and checks what it says. One that fails is forgotten, so that it can be tried again: what was known stays. */
export function startCheck(context: Sharing): Check {
  const { session, network, signedOut: signal } = context;
  const before = checkOf(context);
  const tell = (done: number, of: number): void => {
    check.far = [done, of];
    check.tell(done, of);
  };
  const check: Check = {
    found: readingSession(context)
      .then((reading) => account(reading, network, { progress: tell, signal }))
      .then((found) => named(found, network)),
    known: before?.known ?? null,
    running: true,
    far: null,
    tell: () => {},
  };
  checks.set(session, check);
  check.found.then(
    (found) => {
      check.known = found;
      check.running = false;
    },
    () => (before === null ? checks.delete(session) : checks.set(session, before)),
  );
  return check;
}

/** In place of core/reading_session.ts: a session that asks nobody, as no keeper is there to be asked. */

import type { ReadingSession } from "../../../app/browser/core/reading_session";
import type { Session } from "../../../app/browser/core/session";

export const openReadingSession = async ({ patient, account }: Session): Promise<ReadingSession> => ({
  patient,
  actor: account,
  purpose: "PATRQT",
  mandate: null,
  certificate: { kind: "patient", fields: {}, signature: "0x" },
  expires: new Date(Date.now() + 3_600_000),
  sign: async (raw) => raw,
});

/** Nobody acts by a mandate here. */
export const readingPurpose = (): string | null => null;

/** What is new for the patient's side, and how an open page hears of it (W-19, W-20, W-64). */

import type { Hex } from "../layouts/bytes";
import { call, Problem, requireMeant } from "./api";
import type { Notice } from "./notices";

export interface News {
  readonly type: "consent-request" | "member-suspended" | "petition-answered";
  /** The consent's id, the member's account, or the petition's id. */
  readonly id: Hex;
  readonly member: Hex;
  readonly at: string | null;
  readonly seenAt: string | null;
}

export interface Told {
  readonly openings: readonly Notice[];
  readonly news: readonly News[];
  /** How many links desks ask for (W-69): over when they are signed, or after ten minutes. */
  readonly links: number;
}

interface Answer {
  readonly notifications: readonly Notice[];
  readonly news: readonly News[];
  readonly links: number;
}

export async function told(): Promise<Told> {
  const { notifications, news, links } = await call<Answer>("GET", "/api/notifications");
  return { openings: notifications, news, links };
}

export const newsSeen = ({ type, id }: News): Promise<unknown> => call("POST", "/api/notifications/seen", { type, id });

export const unseenOf = ({ openings, news, links }: Told): number =>
  [...openings, ...news].filter(({ seenAt }) => seenAt === null).length + links;

/** A page that finds no place among the streams asks now and then instead (W-20). */
const NOW_AND_THEN_MILLISECONDS = 60_000;

/**
 * Calls back with how much is unseen, at first and whenever that changes. `signInEnded` hears why the gateway does not say,
 * and nobody is asked again if that was the end of the sign-in. Gives what ends it.
 */
export function watchUnseen(changed: (unseen: number) => void, signInEnded: (error: Problem) => boolean): () => void {
  let stream: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  const listen = (): void => {
    stream = new EventSource("/api/notifications/stream");
    // A stream carries no word of whom it is meant for: that is asked whenever it begins.
    let meant = Promise.resolve(false);
    stream.addEventListener("open", () => (meant = asMeant()));
    stream.addEventListener("news", ({ data }) => {
      void meant.then((holds) => holds && !over && changed(countOf(data)));
    });
    stream.addEventListener("leave", () => {
      // the place went to a newer page of this account: coming straight back would take it from the next one
      stream?.close();
      void later();
    });
    stream.addEventListener("error", () => {
      // a stream that only broke off comes back by itself; one that was refused does not
      if (stream?.readyState === EventSource.CLOSED) void later();
    });
  };
  const asMeant = async (): Promise<boolean> => {
    try {
      await requireMeant();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (!over && signInEnded(error)) {
        over = true;
        stream?.close();
      }
    }
    return !over;
  };
  const later = async (): Promise<void> => {
    const unseen = await asked();
    if (over) return;
    if (unseen instanceof Problem) {
      over = signInEnded(unseen);
      if (over) return;
    } else changed(unseen);
    timer = setTimeout(listen, NOW_AND_THEN_MILLISECONDS);
  };
  listen();
  return () => {
    over = true;
    clearTimeout(timer);
    stream?.close();
  };
}

/** How much is unseen, or why the gateway does not say. */
async function asked(): Promise<number | Problem> {
  try {
    return unseenOf(await told());
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

function countOf(data: unknown): number {
  const { unseen } = JSON.parse(String(data)) as { unseen?: unknown };
  return typeof unseen === "number" && unseen >= 0 ? unseen : 0;
}

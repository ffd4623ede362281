/** What a page of the application is, and what it is given. */

import { Problem, type Network } from "../core/api";
import type { Session } from "../core/session";

export interface Context {
  readonly session: Session;
  readonly network: Network;
  /** What follows the route in the address, as in `#/records/3`: made up in this page, never anything about a person. */
  readonly part: string | null;
  /** Aborted when the page is left or drawn anew. */
  readonly left: AbortSignal;
  /** Aborted when the sign-in ends, or goes on for somebody else: for what goes on while other pages are looked at. */
  readonly signedOut: AbortSignal;
  /** Goes there, and leaves the reader at the element with this id; else at the page's title. */
  readonly show: (route: string, part?: string, focus?: string) => void;
  /** Draws this page anew, and leaves the reader at the element with this id. */
  readonly refresh: (focus?: string) => Promise<void>;
  /** The same result for every page until the sign-in ends; what failed is tried again by the next call. */
  readonly once: <T>(name: string, make: () => Promise<T>) => Promise<T>;
  /** Forgets such a result. */
  readonly forget: (name: string) => void;
  /**
   * Signs in again to act for the identity that a DID names, or for the account itself (null). `sure` is asked after the wallet
   * has signed: what it throws is thrown, and the sign-in stays what it was.
   */
  readonly act: (did: string | null, sure?: () => Promise<void>) => Promise<void>;
  /** Signs out, with a reason in words. */
  readonly leave: (why: string) => Promise<void>;
}

export interface View {
  /** In the address: `#/route`. */
  readonly route: string;
  readonly title: () => string;
  readonly render: (context: Context) => Promise<HTMLElement>;
}

/** A page whose code is loaded when it is first shown. */
export function view(
  route: string,
  title: () => string,
  load: () => Promise<{ readonly render: View["render"] }>,
): View {
  const loaded = (): ReturnType<typeof load> =>
    load().catch((error: unknown) => {
      // what browsers throw when a file of the page's own does not come
      throw error instanceof TypeError ? new Problem("gateway-unreachable", "", null, null) : error;
    });
  return { route, title, render: async (context) => (await loaded()).render(context) };
}

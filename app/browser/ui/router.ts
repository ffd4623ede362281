/** Where the reader is, as the address says it: `#/route` or `#/route/part`. */

export interface Place {
  readonly route: string;
  readonly part: string | null;
}

const SHAPE = /^#\/([a-z-]+)(?:\/([0-9A-Za-z-]+))?$/;

/** Null for an address that names no page of this application. */
export function placeOf(hash: string): Place | null {
  const found = SHAPE.exec(hash);
  return found?.[1] === undefined ? null : { route: found[1], part: found[2] ?? null };
}

export const addressOf = (route: string, part?: string): string => `#/${route}${part === undefined ? "" : `/${part}`}`;

export function goToPlace(route: string, part?: string): void {
  const address = addressOf(route, part);
  // Whoever stands at this address already, as after signing out there, is shown what it leads to now.
  if (location.hash === address) dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = address;
}

/** Calls back when the reader moves: by a link, the back button, or the address bar. */
export function watchPlace(moved: () => void): void {
  addEventListener("hashchange", moved);
}

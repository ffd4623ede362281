/** What this gateway tells the patient's side of: openings that it relayed, and what goes into its emergency summary. */

import type { Hex } from "../layouts/bytes";
import type { Json } from "../layouts/canonical";
import { call } from "./api";

/** One opening by the gateway's word; `opening` is what two people signed, which proves the id. */
export interface Notice {
  readonly type: "emergency-opening";
  readonly id: Hex;
  readonly member: string;
  readonly first: Hex;
  readonly second: Hex;
  readonly openedAt: string;
  readonly endsAt: string;
  readonly reviewBy: string;
  readonly seenAt: string | null;
  readonly opening: Json;
}

/** Newest first. */
export const notices = async (): Promise<readonly Notice[]> =>
  (await call<{ notifications: Notice[] }>("GET", "/api/notifications")).notifications.filter(
    ({ type }) => type === "emergency-opening",
  );

export const seen = (id: Hex): Promise<unknown> => call("POST", `/api/notifications/${id}/seen`, {});

/** Whether sensitive and restricted records go into the summary that this gateway's hospital writes. */
export const withSensitive = async (): Promise<boolean> =>
  (await call<{ sensitive: boolean }>("GET", "/api/emergency/summary")).sensitive;

export const chooseSensitive = (sensitive: boolean): Promise<unknown> =>
  call("PUT", "/api/emergency/summary", { sensitive });

/** What the page says, in the languages it speaks. Terms themselves come in words from the gateway. */

import type { Language, Status } from "./api";
import { chinese } from "./chinese";
import { english } from "./english";

export interface Text {
  readonly page: string;
  readonly servedBy: (member: string) => string;
  readonly otherLanguage: string;
  readonly intro: string;
  readonly promise: string;
  readonly loading: string;
  readonly wallet: { readonly title: string; readonly choose: string; readonly none: string; readonly noneHow: string };
  readonly connectWith: (name: string) => string;
  readonly yourWallet: string;
  readonly lookAtWallet: string;
  readonly signedIn: string;
  readonly signOut: string;
  readonly signedOut: string;
  readonly accountChanged: string;
  readonly staff: string;
  readonly directory: {
    readonly title: string;
    readonly closed: string;
    readonly open: (version: number) => string;
    readonly action: string;
    readonly making: (done: number, of: number) => string;
    readonly opened: string;
    readonly renewHint: string;
    readonly renew: string;
    readonly renewed: string;
    readonly advised: (since: string) => string;
    readonly withRevocation: string;
    readonly notRenewed: string;
  };
  readonly consents: Readonly<
    Record<"title" | "proposed" | "active" | "ended" | "none" | "exact" | "exactHint" | "said", string>
  >;
  readonly status: Readonly<Record<Status, string>>;
  readonly sign: string;
  readonly signHint: string;
  readonly relayOver: string;
  readonly granted: string;
  readonly revoke: string;
  readonly revokeTitle: string;
  readonly revokeMeans: readonly string[];
  readonly revokeNow: string;
  readonly keep: string;
  readonly revoked: string;
  readonly recorded: (transaction: string) => string;
  readonly uses: (limit: number) => string;
  readonly fields: Readonly<
    Record<
      | "recipient" | "address" | "roles" | "purposes" | "categories" | "confidentiality" | "data" | "authors"
      | "records" | "window" | "relayBefore" | "maxUses" | "salt" | "id",
      string
    >
  >;
  readonly noLimit: string;
  readonly failures: Readonly<
    Record<
      | "rejected" | "pending" | "wrong-chain" | "no-account" | "failed" | "gateway-unreachable" | "mismatch"
      | "sign-in-mismatch" | "cannot-seal" | "insecure" | "unexpected",
      string
    >
  >;
  readonly reference: (id: string) => string;
  readonly retry: string;
}

const TEXTS: Readonly<Record<Language, Text>> = { en: english, zh: chinese };

let current: Language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";

export const language = (): Language => current;
export const t = (): Text => TEXTS[current];

export function setLanguage(to: Language): void {
  current = to;
  document.documentElement.lang = to;
  document.title = `Consentry · ${t().page}`;
}

/** An ISO time in the patient's own zone and language. */
export function moment(iso: string): string {
  return new Intl.DateTimeFormat(current, { dateStyle: "long", timeStyle: "short" }).format(new Date(iso));
}

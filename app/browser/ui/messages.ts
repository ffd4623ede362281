/** One place for messages, and how failures become words. */

import { LayoutError } from "../layouts/errors";
import { Problem } from "../core/api";
import { Mismatch } from "../core/checks";
import { WalletError } from "../core/wallets";
import { failures, type Failure } from "../text/failures";
import { frame } from "../text/frame";
import { parts as words } from "../text/parts";
import { problems } from "../text/problems";
import { byId, element } from "./dom";
import { foldable } from "./parts";

/** Says something once; assistive technology reads it out because the region is live. */
export function say(...parts: readonly (Node | string)[]): void {
  byId("problem").replaceChildren();
  byId("status").replaceChildren(...(parts.length === 0 ? [] : [element("p", {}, ...parts)]));
}

function failureOf(error: unknown): Failure {
  if (error instanceof WalletError || error instanceof Mismatch) return error.kind;
  if (error instanceof LayoutError) return "cannot-seal";
  if (isOwn(error)) return error.code;
  // viem's names: its classes would make the first page larger by half
  return UNREACHABLE.includes(String((error as { readonly name?: unknown }).name)) ? "chain-unreachable" : "unexpected";
}

const UNREACHABLE: readonly string[] = ["HttpRequestError", "TimeoutError", "RpcRequestError", "CallExecutionError"];
const OWN = ["gateway-unreachable", "gateway-wrong", "chain-wrong", "chain-unreachable"] as const;

/** A problem that no gateway told: the page has words of its own. */
const isOwn = (error: unknown): error is Problem & { readonly code: (typeof OWN)[number] } =>
  error instanceof Problem && error.message === "" && OWN.some((code) => code === error.code);

/** What an audience is told of a code instead of the words for everybody. */
let ofAudience: () => Readonly<Record<string, string>> = () => ({});

export function whenTelling(words: () => Readonly<Record<string, string>>): void {
  ofAudience = words;
}

export function wordsOf(error: unknown): (Node | string)[] {
  if (error instanceof Problem && !isOwn(error)) {
    const told = [error.message, error.nextStep].filter(Boolean).join(" ");
    const theirs = [
      // Old gateways know English alone: a screen reader must hear which language it is.
      ...(told === "" ? [] : [element("p", { lang: error.language }, told)]),
      ...(error.requestId === null ? [] : [element("p", { class: "quiet" }, failures().reference(error.requestId))]),
    ];
    const ours = ofAudience()[error.code] ?? problems()[error.code];
    if (ours === undefined) return theirs;
    // What a gateway says next is for whoever runs it.
    return [element("p", {}, ours), ...(theirs.length === 0 ? [] : [foldable(words().details, ...theirs)])];
  }
  return [element("p", {}, failures()[failureOf(error)])];
}

const LOOK = "look-at-wallet";

/** While a wallet asks its owner, the page says where to look; the answer takes the words away again. */
export function sayAsking(open: boolean): void {
  if (open) {
    byId("problem").replaceChildren();
    byId("status").replaceChildren(element("p", { id: LOOK }, frame().lookAtWallet));
  } else {
    document.getElementById(LOOK)?.remove();
  }
}

/** Shows a failure; `again`, if given, becomes a button. */
export function fail(error: unknown, again: Node | null = null): void {
  byId("status").replaceChildren();
  byId("problem").replaceChildren(...wordsOf(error), ...(again === null ? [] : [again]));
}

/** Beside what was said, which stays. */
export function failAsWell(error: unknown): void {
  byId("problem").replaceChildren(...wordsOf(error));
  note(error);
}

/** Failures that have words of their own; any other is a fault of this page. */
const EXPECTED = [Problem, WalletError, Mismatch, LayoutError];

export type Ending = "not-signed-in" | "sign-in-replaced";

let ended: (how: Ending) => boolean = () => false;

/** What to do when the gateway no longer knows who is signed in, or knows somebody else; false if nobody was. */
export function whenSignInEnds(act: (how: Ending) => boolean): void {
  ended = act;
}

const isEndingCode = (code: string): code is Ending => code === "not-signed-in" || code === "sign-in-replaced";

/** Whether it says that the sign-in has ended: nothing else of the page is worth showing then. */
export const isEnding = (error: unknown): error is Problem & { readonly code: Ending } => error instanceof Problem && isEndingCode(error.code);

/** Whether that was a gateway that no longer knows who is signed in on this page: then the way in is shown. */
export const endsSignIn = (error: unknown): boolean => error instanceof Problem && isEndingCode(error.code) && ended(error.code);

/** Runs a step; whatever goes wrong is shown, never swallowed. */
export async function attempt(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    // what a page was waiting for when its reader went elsewhere
    if ((error as { name?: unknown }).name === "AbortError") return;
    if (endsSignIn(error)) return;
    fail(error);
    note(error);
  }
}

let refused: (code: string) => void = () => {};

/** Calls back with the code of each problem that a gateway or the page told. */
export function whenRefused(act: (code: string) => void): void {
  refused = act;
}

/** A fault of this page goes to the browser's console; what has words of its own does not. */
export function note(error: unknown): void {
  if (error instanceof Problem) refused(error.code);
  if (!EXPECTED.some((kind) => error instanceof kind) && failureOf(error) === "unexpected") console.error(error);
}

/** Moves the keyboard's and the reader's place to a part that has just appeared. */
export function goTo(target: HTMLElement | null): void {
  target?.setAttribute("tabindex", "-1");
  target?.focus();
}

/** The page's frame: what is known, one place for messages, and how failures become words. */

import { LayoutError } from "../layouts/errors";
import { Problem } from "./api";
import { Mismatch } from "./checks";
import { byId, element } from "./dom";
import { t, type Text } from "./text";
import { WalletError } from "./wallets";

/** Says something once; assistive technology reads it out because the region is live. */
export function say(...parts: readonly (Node | string)[]): void {
  byId("problem").replaceChildren();
  byId("status").replaceChildren(...(parts.length === 0 ? [] : [element("p", {}, ...parts)]));
}

type Failure = keyof Text["failures"];

function failureOf(error: unknown): Failure {
  if (error instanceof WalletError || error instanceof Mismatch) return error.kind;
  if (error instanceof LayoutError) return "cannot-seal";
  return error instanceof Problem && error.code === "gateway-unreachable" ? "gateway-unreachable" : "unexpected";
}

function wordsOf(error: unknown): (Node | string)[] {
  if (error instanceof Problem && error.code !== "gateway-unreachable") {
    return [
      // The gateway's words are English, whatever the page's language.
      element("p", { lang: "en" }, [error.message, error.nextStep].filter(Boolean).join(" ")),
      ...(error.requestId === null ? [] : [element("p", { class: "quiet" }, t().reference(error.requestId))]),
    ];
  }
  return [element("p", {}, t().failures[failureOf(error)])];
}

/** Shows a failure; `again`, if given, becomes a button. */
export function fail(error: unknown, again: Node | null = null): void {
  byId("status").replaceChildren();
  byId("problem").replaceChildren(...wordsOf(error), ...(again === null ? [] : [again]));
}

/** Failures that have words of their own; any other is a fault of this page. */
const EXPECTED = [Problem, WalletError, Mismatch, LayoutError];

/** Runs a step; whatever goes wrong is shown, never swallowed. */
export async function attempt(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    fail(error);
    note(error);
  }
}

/** A fault of this page goes to the browser's console; what has words of its own does not. */
export function note(error: unknown): void {
  if (!EXPECTED.some((kind) => error instanceof kind)) console.error(error);
}

/** Moves the keyboard's and the reader's place to a part that has just appeared. */
export function goTo(target: HTMLElement | null): void {
  target?.setAttribute("tabindex", "-1");
  target?.focus();
}

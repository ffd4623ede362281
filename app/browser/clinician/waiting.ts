/** Asking again until there is an answer, the page is left, or the time is over. */

import { Problem } from "../core/api";

const EVERY_MILLISECONDS = 2_000;

/**
 * What `ask` gives first that is not null; null once `left` is aborted or `seconds` are over. A gateway that does not answer
 * is asked again; if it is silent in the end too, throws Problem gateway-unreachable.
 */
export async function until<T>(
  ask: () => Promise<T | null>,
  seconds: number,
  left: AbortSignal,
  every = EVERY_MILLISECONDS,
): Promise<T | null> {
  const over = performance.now() + seconds * 1000;
  let silent: Problem | null = null;
  while (performance.now() < over && !left.aborted) {
    try {
      silent = null;
      const found = await ask();
      if (found !== null) return found;
    } catch (error) {
      if (!(error instanceof Problem && error.code === "gateway-unreachable")) throw error;
      silent = error;
    }
    await new Promise((done) => setTimeout(done, every));
  }
  if (silent !== null && !left.aborted) throw silent;
  return null;
}

/** Asking again until there is an answer, the page is left, or the time is over. */

const EVERY_MILLISECONDS = 2_000;

/** What `ask` gives first that is not null; null once `left` is aborted or `seconds` are over. */
export async function until<T>(ask: () => Promise<T | null>, seconds: number, left: AbortSignal): Promise<T | null> {
  const rounds = Math.ceil((seconds * 1000) / EVERY_MILLISECONDS);
  for (let round = 0; round < rounds && !left.aborted; round += 1) {
    const found = await ask();
    if (found !== null) return found;
    await new Promise((done) => setTimeout(done, EVERY_MILLISECONDS));
  }
  return null;
}

/** What the vectors ask of node:assert/strict, in a page. */

class Wrong extends Error {}

const shown = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => (one instanceof Uint8Array ? [...one] : typeof one === "bigint" ? `${one}n` : one));

function ok(value: unknown, words = "not so"): void {
  if (value !== true && !value) throw new Wrong(words);
}

const equal = (found: unknown, expected: unknown, words?: string): void =>
  ok(Object.is(found, expected), words ?? `${shown(found)} is not ${shown(expected)}`);

const deepEqual = (found: unknown, expected: unknown, words?: string): void => equal(shown(found), shown(expected), words);

type Expected = ((error: unknown) => boolean) | (new (...how: never[]) => Error);

const isClass = (expected: Expected): expected is new (...how: never[]) => Error => expected.prototype instanceof Error;

const fits = (error: unknown, expected: Expected): boolean =>
  isClass(expected) ? error instanceof expected : expected(error);

async function rejects(attempt: () => Promise<unknown>, expected: Expected, words: string): Promise<void> {
  const error = await attempt().then(() => null, (why: unknown) => why);
  ok(error !== null && fits(error, expected), words);
}

function throws(attempt: () => unknown, expected: Expected): void {
  try {
    attempt();
  } catch (error) {
    return ok(fits(error, expected), shown(error));
  }
  throw new Wrong("nothing was thrown");
}

const notEqual = (found: unknown, other: unknown): void => ok(!Object.is(found, other));
const notDeepEqual = (found: unknown, other: unknown): void => ok(shown(found) !== shown(other));

export default { ok, equal, deepEqual, notEqual, notDeepEqual, rejects, throws };

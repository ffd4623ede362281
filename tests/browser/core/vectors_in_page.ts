/** The vectors of sealed things in a real page, whose own algorithms take the place of the libraries' where it has them. */

import { unbase64 } from "../../../app/browser/layouts/bytes";
import { LayoutError } from "../../../app/browser/layouts/errors";
import { SEALING_SUITES } from "../vectors/sealing";
import type { Suite, Vectors } from "../vectors/suite";

const SUITES: Readonly<Record<string, Suite>> = SEALING_SUITES;

/** What does not hold of each file, null if all does. */
export async function run(files: Readonly<Record<string, Vectors>>): Promise<Readonly<Record<string, string | null>>> {
  const found = Object.entries(files).map(async ([name, vectors]): Promise<[string, string | null]> => {
    const why = await SUITES[name]?.run(vectors).then(() => null, (error: unknown) => String(error));
    return [name, why === undefined ? "no such suite" : why];
  });
  return Object.fromEntries(await Promise.all(found));
}

/** Which of these texts are taken for base64. */
export const taken = (texts: readonly string[]): readonly string[] =>
  texts.filter((text) => {
    try {
      return unbase64(text) !== null;
    } catch (error) {
      if (error instanceof LayoutError) return false;
      throw error;
    }
  });

/** Whether the browser itself opened what was sealed by ML-KEM. */
export async function watched(work: () => Promise<unknown>): Promise<boolean> {
  const subtle = crypto.subtle as SubtleCrypto & { decapsulateBits?: (...how: unknown[]) => Promise<ArrayBuffer> };
  const own = subtle.decapsulateBits?.bind(subtle);
  if (own === undefined) return false;
  let used = false;
  Object.assign(subtle, { decapsulateBits: (...how: unknown[]) => ((used = true), own(...how)) });
  await work();
  return used;
}

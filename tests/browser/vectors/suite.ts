/** What a suite of vectors is, and how cases are judged. */

import assert from "node:assert/strict";

import type { Bytes } from "../../../app/browser/layouts/bytes";
import { LayoutError } from "../../../app/browser/layouts/errors";

// Vector files are data of another language: their shape is what the assertions find out.
export type Vectors = any;

export interface Suite {
  /** Every key of the file that the suite runs; a key beyond these fails, so that no vector is passed over. */
  readonly keys: readonly string[];
  run(vectors: Vectors): Promise<void>;
}

export const raw = (text: string): Bytes => new TextEncoder().encode(text);

/** Each case must be refused with a typed error of this code. */
export async function refuses(
  cases: readonly Vectors[],
  code: string,
  attempt: (one: Vectors) => unknown,
): Promise<void> {
  assert.ok(cases.length > 0, "no case to refuse");
  for (const one of cases) {
    const why = `${one.why ?? JSON.stringify(one)} is not refused`;
    await assert.rejects(
      async () => attempt(one),
      (error) => error instanceof LayoutError && error.code === code,
      why,
    );
  }
}

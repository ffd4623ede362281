/** Runs every vector file of tests/vectors against the TypeScript layouts (L-1 to L-20). */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { LAYOUT_SUITES } from "./layouts";
import { SEALING_SUITES } from "./sealing";
import { SIGNED_SUITES } from "./signed";
import { WORDING_SUITES } from "./wording";
import type { Suite, Vectors } from "./suite";

const FOLDER = "tests/vectors";
const SUITES: Readonly<Record<string, Suite>> = { ...LAYOUT_SUITES, ...SEALING_SUITES, ...SIGNED_SUITES, ...WORDING_SUITES };

const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

for (const file of files) {
  test(file, async () => {
    const suite = SUITES[file.replace(".json", "")];
    assert.ok(suite, `${file} has no suite in TypeScript`);
    const vectors = JSON.parse(readFileSync(`${FOLDER}/${file}`, "utf8")) as Vectors;
    const found = Object.keys(vectors).filter((key) => key !== "about");
    assert.deepEqual(found.sort(), [...suite.keys].sort(), "a part of the file is not run, or is gone");
    await suite.run(vectors);
  });
}

test("every suite has its vector file", () => {
  assert.deepEqual(files.map((file) => file.replace(".json", "")).sort(), Object.keys(SUITES).sort());
});

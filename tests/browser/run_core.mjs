// Bundles the pages' core for Node and does the one task that stands on standard input (tests/browser/core/run.ts).
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "consentry-core-"));
const outfile = join(folder, "run.mjs");
try {
  await build({
    absWorkingDir: root,
    entryPoints: ["tests/browser/core/run.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    logLevel: "warning",
  });
  process.exitCode = spawnSync(process.execPath, ["--enable-source-maps", outfile], { stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

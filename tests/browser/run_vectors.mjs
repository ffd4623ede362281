// Bundles the vector tests and runs them under `node --test`; exit code 0 only if all pass.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));
const outdir = ".cache/browser";
const tests = ["index.test", "edges.test"];

await build({
  absWorkingDir: root,
  entryPoints: tests.map((name) => `tests/browser/vectors/${name}.ts`),
  outdir,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: "inline",
  logLevel: "warning",
});
const bundles = tests.map((name) => `${outdir}/${name}.mjs`);
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...bundles], { cwd: root, stdio: "inherit" });
process.exit(status ?? 1);

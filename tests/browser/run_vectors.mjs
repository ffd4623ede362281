// Bundles the vector tests and runs them under `node --test`; exit code 0 only if all pass.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));
const outfile = ".cache/browser/vectors.test.mjs";

await build({
  absWorkingDir: root,
  entryPoints: ["tests/browser/vectors/index.test.ts"],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: "inline",
  logLevel: "warning",
});
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", outfile], { cwd: root, stdio: "inherit" });
process.exit(status ?? 1);

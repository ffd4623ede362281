// Bundles the pages into the gateway's static folder.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

const result = await build({
  absWorkingDir: here,
  entryPoints: { patient: "patient/main.ts" },
  outdir: "../consentry/gateway/static/dist",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});
for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) {
  console.log(`${file.split("/").pop()}  ${(bytes / 1000).toFixed(1)} kB`);
}

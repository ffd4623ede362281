// Bundles the pages into the gateway's static folder: one entry per audience, the rest in chunks loaded when needed.
// The same sources give the same bytes; files are replaced whole, so that a running gateway serves either the old or the new.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = join(here, "../consentry/gateway/static/dist");

const result = await build({
  absWorkingDir: here,
  entryPoints: { patient: "patient/main.ts", clinician: "clinician/main.ts", page: "css/page.css" },
  outdir: dist,
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "linked",
  write: false,
  metafile: true,
  logLevel: "warning",
});

async function same(path, contents) {
  try {
    return contents.equals(await readFile(path));
  } catch (error) {
    if (error.code === "ENOENT") return false;
    throw error;
  }
}

async function replace(path, contents) {
  if (await same(path, contents)) return;
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  await writeFile(beside, contents);
  await rename(beside, path);
}

const files = result.outputFiles.map(({ path, contents }) => [path, Buffer.from(contents)]);
for (const [path, contents] of files) await replace(path, contents);

const wanted = new Set(files.map(([path]) => path));
for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath ?? entry.path, entry.name);
  // another build's half-written file ends in its process number
  if (entry.isFile() && !wanted.has(path) && !/\.\d+$/.test(path)) await rm(path, { force: true });
}

const digest = createHash("sha256");
for (const [path, contents] of [...files].sort(([left], [right]) => (left < right ? -1 : 1))) {
  const name = relative(dist, path);
  digest.update(`${createHash("sha256").update(contents).digest("hex")}  ${name}\n`);
  if (!name.endsWith(".txt")) console.log(`${name}  ${(contents.length / 1000).toFixed(1)} kB`);
}
console.log(`digest of the pages  ${digest.digest("hex")}`);

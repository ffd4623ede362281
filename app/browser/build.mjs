// Bundles the pages into the gateway's static folder: one entry per audience, the rest in chunks loaded when needed, and
// the service worker that knows them all. The same sources give the same bytes; files are replaced whole, so that a running
// gateway serves either the old or the new. Prints what each page needs first, and the digest of everything.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const fixed = join(here, "../consentry/gateway/static");
const dist = join(fixed, "dist");
const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  target: "es2022",
  // where node_modules really lies is nothing to the digest
  preserveSymlinks: true,
  write: false,
  logLevel: "warning",
};

const pages = await build({
  ...common,
  entryPoints: { patient: "patient/main.ts", clinician: "clinician/main.ts", worker: "core/worker.ts", page: "css/page.css" },
  outdir: dist,
  chunkNames: "chunks/[name]-[hash]",
  splitting: true,
  format: "esm",
  legalComments: "linked",
  metafile: true,
});
const files = new Map(pages.outputFiles.map(({ path, contents }) => [relative(dist, path), Buffer.from(contents)]));
// served beside them, and part of what a page is
for (const { name } of (await readdir(fixed, { withFileTypes: true })).filter((entry) => entry.isFile())) {
  files.set(`../${name}`, await readFile(join(fixed, name)));
}

const sha256 = (contents) => createHash("sha256").update(contents).digest("hex");
const named = () => [...files].sort(([left], [right]) => (left < right ? -1 : 1));
const listOf = () => named().map(([name, contents]) => `${sha256(contents)}  ${name}\n`).join("");

const kept = named().map(([name]) => new URL(name, "http://page/static/dist/").pathname);
const worker = await build({
  ...common,
  entryPoints: ["offline/service_worker.ts"],
  format: "iife",
  define: {
    FILES: JSON.stringify(["/", "/clinic", ...kept.filter((path) => !path.endsWith(".txt"))]),
    DIGEST: JSON.stringify(sha256(listOf()).slice(0, 16)),
  },
});
files.set("service-worker.js", Buffer.from(worker.outputFiles[0].contents));

const digest = sha256(listOf());
const told = Object.fromEntries(named().map(([name, contents]) => [name, sha256(contents)]));
files.set("digest.json", Buffer.from(`${JSON.stringify({ digest, files: told }, null, 1)}\n`));

const compressed = new Map();
for (const [name, contents] of named()) {
  if (name.startsWith("../")) {
    files.delete(name);
  } else if (/\.(js|css)$/.test(name)) {
    // level 9, without name and time
    compressed.set(name, gzipSync(contents, { level: 9 }));
    files.set(`${name}.gz`, compressed.get(name));
  }
}

async function same(path, contents) {
  try {
    return contents.equals(await readFile(path));
  } catch (error) {
    if (error.code === "ENOENT") return false;
    throw error;
  }
}

for (const [name, contents] of files) {
  const path = join(dist, name);
  if (await same(path, contents)) continue;
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  await writeFile(beside, contents);
  await rename(beside, path);
}
for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath ?? entry.path, entry.name);
  // another build's half-written file ends in its process number
  if (entry.isFile() && !files.has(relative(dist, path)) && !/\.\d+$/.test(path)) await rm(path, { force: true });
}

const size = (names) => names.reduce((sum, name) => sum + compressed.get(name).length, 0);
const outputs = new Map(
  Object.entries(pages.metafile.outputs).map(([path, output]) => [relative(dist, join(here, path)), output]),
);
const staticOf = (name, seen = new Set()) => {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const { path, kind } of outputs.get(name).imports) {
    if (kind === "import-statement") staticOf(relative(dist, join(here, path)), seen);
  }
  return seen;
};
for (const page of ["patient", "clinician"]) {
  const first = [...staticOf(`${page}.js`), "page.css"];
  console.log(`${page}: first load ${(size(first) / 1000).toFixed(1)} kB compressed`);
}
const all = [...compressed.keys()];
console.log(`all ${all.length} scripts and styles: ${(size(all) / 1000).toFixed(1)} kB compressed`);
console.log(`digest of the pages  ${digest}`);

// solc's command line, as far as Brownie, Foundry and Slither use it, on npm's build of the compiler.
// Same compiler, same bytecode as the native binary; only slower. Started by the sh script that
// tools/setup-solc.sh writes where py-solc-x looks for its binary.
//
// Usage: solc-shim.mjs --standard-json [--base-path DIR] [--include-path DIR]... [--allow-paths DIR,...] [-|FILE]
// Exit code 0 with the compiler's JSON on stdout (compile errors are inside it), 1 on bad usage.
import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, relative, resolve, sep } from "node:path";

const solc = createRequire(import.meta.url)("solc");

class UsageError extends Error {}

/** The flags and their values; unknown flags are refused, as solc does. */
function parseArguments(words) {
  const options = { standardJson: false, basePath: "", includePaths: [], allowPaths: [], input: "-" };
  const valued = {
    "--base-path": (value) => (options.basePath = value),
    "--include-path": (value) => options.includePaths.push(value),
    "--allow-paths": (value) => options.allowPaths.push(...value.split(",").filter(Boolean)),
  };
  for (let at = 0; at < words.length; at++) {
    const [flag, inline] = words[at].split(/=(.*)/s, 2);
    if (flag === "--standard-json") {
      options.standardJson = true;
    } else if (flag in valued) {
      const value = inline ?? words[++at];
      if (value === undefined) throw new UsageError(`the required argument for option '${flag}' is missing`);
      valued[flag](value);
    } else if (words[at] === "-" || !words[at].startsWith("-")) {
      options.input = words[at];
    } else {
      throw new UsageError(`unrecognised option '${flag}'`);
    }
  }
  if (!options.standardJson) throw new UsageError("only --standard-json and --version are supported by this shim");
  return options;
}

/** True if `path` is `directory` or lies under it; both already resolved. */
function isInside(path, directory) {
  const way = relative(directory, path);
  return way === "" || (way !== ".." && !way.startsWith(".." + sep) && !isAbsolute(way));
}

/** Import callback: looks in the base path, then the include paths, and reads only below allowed directories. */
function importReader({ basePath, includePaths, allowPaths }) {
  const roots = [basePath || ".", ...includePaths].map((path) => resolve(path));
  const allowed = [...roots, ...allowPaths.map((path) => resolve(path))].flatMap((path) => {
    try {
      return [realpathSync(path)];
    } catch (error) {
      if (error.code === "ENOENT") return [];
      throw error;
    }
  });
  return (unit) => {
    const name = unit.replace(/^file:\/\//, "");
    for (const candidate of new Set(roots.map((root) => resolve(root, name)))) {
      try {
        const real = realpathSync(candidate); // a symbolic link must not lead out of the allowed directories
        if (!allowed.some((directory) => isInside(real, directory))) {
          return { error: "File outside of allowed directories." };
        }
        return { contents: readFileSync(real, "utf8") };
      } catch (error) {
        if (!["ENOENT", "ENOTDIR"].includes(error.code)) return { error: error.message };
      }
    }
    return { error: "File not found." };
  };
}

try {
  const options = parseArguments(process.argv.slice(2));
  const input = readFileSync(options.input === "-" ? 0 : options.input, "utf8");
  process.stdout.write(solc.compile(input, { import: importReader(options) }));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

"""Mutation test of the contracts: a seeded sample of small mistakes, each of which some test should notice.

    tools/mutate.py [--count 120] [--seed 4] [--workers 2] [--only contracts/audit] [--fresh] [--list]

Each mutant goes into a copy of the tree (.cache/mutation/), where Brownie compiles it and runs the tests of the mirrored
folders until one fails: those of other areas might kill some that survive here. Results are kept in
.cache/mutation/results.jsonl: a run that was broken off goes on where it ended, as long as contracts and their tests are the
same. Mutants that do not compile, or compile to the same bytecode, count for nothing: others are drawn for them. Exit code 1
if less than 90 % are killed, or if one survives without a reason in docs/audit-notes.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import Queue
from typing import Any

from mutate_copies import HOME, TIME_LIMIT, bytecode, check_clean, make_copy, run
from mutate_operators import Mutant, mutants

ROOT = Path(__file__).resolve().parent.parent
RESULTS = HOME / "results.jsonl"
NOTES = ROOT / "docs" / "audit-notes.md"
LEFT_OUT = {"interfaces", "mocks"}
GOAL = 90
JUDGED = {"killed", "survived"}
IMPORT = re.compile(r'import .*? from "(\.[^"]+)"', re.DOTALL)


def sources() -> list[Path]:
    found = sorted((ROOT / "contracts").rglob("*.sol"))
    return [path for path in found if path.relative_to(ROOT).parts[1] not in LEFT_OUT]


def all_mutants(only: str) -> list[Mutant]:
    """Every mutant of the chosen files; the syntax trees come from a build by forge."""
    out = HOME / "ast"
    environment = os.environ | {"FOUNDRY_OUT": str(out), "FOUNDRY_CACHE_PATH": str(HOME / "ast-cache")}
    command = ["node_modules/.bin/forge", "build", "--ast", "--quiet", "contracts"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    found: list[Mutant] = []
    for path in sources():
        name = str(path.relative_to(ROOT))
        if name.startswith(only):
            artifacts = sorted((out / path.name).glob("*.json"))
            trees = [json.loads(one.read_text("utf-8")).get("ast") for one in artifacts]
            tree = next(one for one in trees if one and one["absolutePath"] == name)
            found += mutants(name, path.read_bytes(), tree)
    return found


def mirrored(path: str) -> list[str]:
    """The test folders of a contract: of its own area, or for a library of the areas that use it, its own first."""
    if Path(path).parts[1] != "libraries":
        return [f"tests/contracts/{_area(Path(path))}"]
    users, todo = set(), [Path(path).stem]
    if todo[0] in {"SignatureRule", "TypedDomain"}:
        return ["tests/contracts/signatures"]
    while todo:
        name = todo.pop()
        for source in sources():
            if any(Path(one).stem == name for one in IMPORT.findall(source.read_text("utf-8"))):
                if source.parent.name == "libraries":
                    todo.append(source.stem)
                else:
                    users.add(_area(source.relative_to(ROOT)))
    return [f"tests/contracts/{one}" for one in ("libraries", *sorted(users))]


def _area(path: Path) -> str:
    return "emergency" if path.stem == "EmergencyAccess" else path.parts[1]


def base() -> str:
    """What results depend on: contracts, their tests and the deployment scripts."""
    digest = hashlib.sha256()
    for folder in ("contracts", "tests/contracts", "tests/invariants", "scripts"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".sol", ".py"} and path.name != "gas.py":
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def judge(copy: Path, mutant: Mutant) -> dict[str, Any]:
    """Try one mutant; the copy is as before afterwards."""
    target, started = copy / mutant.path, time.monotonic()
    clean = target.read_bytes()
    target.write_bytes(mutant.apply(clean))
    verdict, by = "survived", ""
    try:
        # Brownie 1.22.2 does not compile again what inherits from a contract whose library changed
        compiled = run(copy, ["compile", "--all"])
        if compiled.returncode != 0:
            verdict, by = _meaning(compiled.stdout)
        elif bytecode(copy / "build") == bytecode(copy / "build.clean"):
            verdict = "equivalent"
        for folder in mirrored(mutant.path) if verdict == "survived" else []:
            done = run(copy, ["test", folder, "--network", "anvil", "-x", "-q", "--disable-warnings"])
            if done.returncode != 0:
                verdict, by = _meaning(done.stdout)
                break
    finally:
        target.write_bytes(clean)
        shutil.rmtree(copy / "build")
        shutil.copytree(copy / "build.clean", copy / "build")
    seconds = round(time.monotonic() - started)
    return {"name": mutant.name, "line": mutant.line, "verdict": verdict, "by": by, "seconds": seconds}


def _meaning(output: str) -> tuple[str, str]:
    """(verdict, what killed it) of a test run that did not pass."""
    if "CompilerError" in output:
        return "uncompilable", ""
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", output, re.MULTILINE)
    if failed:
        return "killed", failed.group(1)
    if output.endswith(TIME_LIMIT):
        return "killed", TIME_LIMIT
    # neither a failed test nor a compile error: the run itself went wrong
    raise RuntimeError(output[-3000:])


def known(fresh: bool) -> dict[str, dict[str, Any]]:  # noqa: FBT001
    """Results of an earlier run on the same contracts and tests."""
    lines = RESULTS.read_text("utf-8").splitlines() if RESULTS.exists() and not fresh else []
    if not lines or json.loads(lines[0]) != {"base": base()}:
        RESULTS.write_text(json.dumps({"base": base()}) + "\n", "utf-8")
        return {}
    return {one["name"]: one for one in map(json.loads, lines[1:])}


def run_all(sample: list[Mutant], results: dict[str, dict[str, Any]], workers: int) -> None:
    """Judge what is not known yet, several at a time, noting each result at once."""
    todo = [one for one in sample if one.name not in results]
    copies: Queue[Path] = Queue()
    for number in range(min(workers, len(todo))):
        copy = make_copy(number)
        if number == 0:
            check_clean(copy)
        copies.put(copy)

    def one(mutant: Mutant) -> dict[str, Any]:
        copy = copies.get()
        try:
            return judge(copy, mutant)
        finally:
            copies.put(copy)

    with ThreadPoolExecutor(workers) as pool:
        for future in as_completed([pool.submit(one, mutant) for mutant in todo]):
            result = future.result()
            results[result["name"]] = result
            with RESULTS.open("a", encoding="utf-8") as file:
                file.write(json.dumps(result) + "\n")
            done = sum(mutant.name in results for mutant in sample)
            print(
                f"[{done}/{len(sample)}] {result['seconds']:>3} s {result['verdict']:<12} {result['name'][:150]}",
                flush=True,
            )


def report(sample: Iterable[Mutant], results: dict[str, dict[str, Any]]) -> int:
    verdicts = Counter(results[one.name]["verdict"] for one in sample)
    counted = verdicts["killed"] + verdicts["survived"]
    score = 100 * verdicts["killed"] / counted if counted else 0
    notes = NOTES.read_text("utf-8") if NOTES.exists() else ""
    survivors = [one for one in sample if results[one.name]["verdict"] == "survived"]
    unexplained = [one for one in survivors if one.name not in notes]
    for one in survivors:
        print(f"survived: line {one.line}: {one.name}{' (no reason noted)' if one in unexplained else ''}")
    print(
        f"{sum(verdicts.values())} mutants: {verdicts['killed']} killed, {verdicts['survived']} survived, "
        f"{verdicts['equivalent']} equivalent, {verdicts['uncompilable']} not compilable; {score:.1f} % killed"
    )
    return 1 if score < GOAL or unexplained else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="files whose path begins so")
    parser.add_argument("--fresh", action="store_true", help="forget earlier results")
    parser.add_argument("--list", action="store_true", help="only show the sample")
    chosen = parser.parse_args()
    HOME.mkdir(parents=True, exist_ok=True)
    everything = all_mutants(chosen.only)
    ranked = sorted(everything, key=lambda one: one.rank(chosen.seed))
    print(f"{len(everything)} mutants possible, drawn with seed {chosen.seed}", flush=True)
    if chosen.list:
        for one in ranked[: chosen.count]:
            print(f"{one.line:>5} {one.name}")
        return 0
    results, drawn = known(chosen.fresh), chosen.count
    while True:
        sample = ranked[:drawn]
        run_all(sample, results, chosen.workers)
        judged = sum(results[one.name]["verdict"] in JUDGED for one in sample)
        if judged >= chosen.count or drawn >= len(ranked):
            return report(sample, results)
        drawn += chosen.count - judged


if __name__ == "__main__":
    sys.exit(main())

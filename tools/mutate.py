"""Mutation test of the contracts: a seeded sample of small mistakes, each of which some test should notice.

    tools/mutate.py [--count 120] [--seed 4] [--workers 2] [--only contracts/audit] [--fresh] [--list]

Each mutant goes into a copy of the tree (.cache/mutation/), where Brownie compiles what it changes and runs the tests of the
mirrored folders until one fails, the nearest first: those of other areas might kill some that survive here. A mutant counts
as killed only when a test fails; where a run breaks, it is tried again once, and then the whole fails.

Results are kept in .cache/mutation/results.jsonl, so that a run that was broken off goes on where it ended. A verdict holds
while the contracts are the same, and the tests it rests on: for a killed mutant the file whose test failed, for a survivor all
files of the mirrored folders. So after a test is added, the same command judges the survivors of its area again, and no other.

Mutants that do not compile, or compile to the same bytecode, count for nothing: others are drawn for them. Exit code 1 if less
than 90 % are killed, or if one survives without a reason in docs/audit-notes.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import Queue
from typing import Any

from mutate_copies import HOME, make_copies, try_out
from mutate_operators import Mutant, mutants
from mutate_tests import importers, judges, rests_on

ROOT = Path(__file__).resolve().parent.parent
RESULTS = HOME / "results.jsonl"
NOTES = ROOT / "docs" / "audit-notes.md"
LEFT_OUT = {"interfaces", "mocks"}
GOAL = 90
JUDGED = {"killed", "survived"}


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


def judge(copy: Path, mutant: Mutant) -> dict[str, Any]:
    """Try one mutant, twice if the first run breaks."""
    started = time.monotonic()
    tests = [str(file.relative_to(ROOT)) for file in judges(mutant)]
    mutated = mutant.apply((copy / mutant.path).read_bytes())
    for _ in range(2):
        verdict, by, says = try_out(copy, mutant.path, mutated, tests, importers(mutant.path))
        if verdict != "broken":
            break
    return {
        "name": mutant.name,
        "line": mutant.line,
        "verdict": verdict,
        "by": by,
        "says": says,
        "seconds": round(time.monotonic() - started),
        "rests on": rests_on(mutant.path, verdict, by),
    }


def known(fresh: bool) -> dict[str, dict[str, Any]]:  # noqa: FBT001
    """Results of earlier runs that still hold; of several on one mutant the latest."""
    if fresh:
        RESULTS.unlink(missing_ok=True)
    lines = RESULTS.read_text("utf-8").splitlines() if RESULTS.exists() else []
    return {
        one["name"]: one
        for one in map(json.loads, lines)
        if one["rests on"] == rests_on(one["name"].split(":")[0], one["verdict"], one["by"])
        and one["verdict"] != "broken"
    }


def run_all(sample: list[Mutant], results: dict[str, dict[str, Any]], workers: int) -> None:
    """Judge what is not known yet, several at a time, noting each result at once."""
    todo = [one for one in sample if one.name not in results]
    copies: Queue[Path] = Queue()
    for copy in make_copies(min(workers, len(todo))) if todo else []:
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
            said = f"{result['seconds']:>3} s {result['verdict']:<12} {result['name'][:150]}"
            print(f"[{done}/{len(sample)}] {said}", flush=True)


def report(sample: Iterable[Mutant], results: dict[str, dict[str, Any]]) -> int:
    verdicts = Counter(results[one.name]["verdict"] for one in sample)
    counted = verdicts["killed"] + verdicts["survived"]
    score = 100 * verdicts["killed"] / counted if counted else 0
    notes = NOTES.read_text("utf-8") if NOTES.exists() else ""
    unexplained = 0
    for one in sample:
        result = results[one.name]
        if result["verdict"] == "broken":
            print(f"broken: line {one.line}: {one.name}\n{result['says']}")
        elif result["verdict"] == "survived":
            unexplained += one.name not in notes
            print(f"survived: line {one.line}: {one.name}{'' if one.name in notes else ' (no reason noted)'}")
    print(
        f"{sum(verdicts.values())} mutants: {verdicts['killed']} killed, {verdicts['survived']} survived, "
        f"{verdicts['equivalent']} equivalent, {verdicts['uncompilable']} not compilable; {score:.1f} % killed"
    )
    return 1 if score < GOAL or unexplained or verdicts["broken"] else 0


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

"""Everything that searches for what single tests miss in the contracts; one table at the end. At most an hour on two cores.

    make contracts-deep                         all steps
    tools/contracts_deep.py fuzz slither        only these
    tools/contracts_deep.py --quick             what `make test` runs: fewer draws, no proofs, no mutants
    tools/contracts_deep.py --list              the steps and what each is

Output of each step is kept in .cache/deep/. Exit code 1 if any step fails.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / ".cache" / "deep"
PYTHON = str(ROOT / ".venv/bin/python")
FORGE = str(ROOT / "node_modules/.bin/forge")
HALMOS = str(ROOT / ".cache/assurance/bin/halmos")
BROWNIE_TEST = ("tools/brownie", "test")
ANVIL = ("--network", "anvil")
LIMIT_SECONDS = 3600
END_LINES = 30


@dataclass(frozen=True)
class Step:
    """`result` finds in the output what the table says; a step without it fails, so that nothing passes by being empty."""

    name: str
    what: str
    command: tuple[str, ...]
    result: str
    settings: dict[str, str] = field(default_factory=dict)


def _built_in(folder: str) -> dict[str, str]:
    """A build folder of its own, so that steps do not undo each other's builds."""
    return {
        "FOUNDRY_OUT": f".cache/{folder}/out",
        "FOUNDRY_CACHE_PATH": f".cache/{folder}/cache",
        "FOUNDRY_DISABLE_NIGHTLY_WARNING": "1",
    }


DEEP = {"FOUNDRY_PROFILE": "deep"}
QUICK = {"fuzz", "invariants", "slither", "layouts", "gas"}
STEPS = (
    Step(
        "fuzz",
        "forge: properties of functions, 2,048 draws each (quick: 256)",
        (FORGE, "test", "--match-contract", "FuzzTest"),
        r"\d+ tests passed, \d+ failed",
        DEEP,
    ),
    Step(
        "invariants",
        "forge: the whole set, 256 runs of 128 calls an invariant (quick: 32 of 64)",
        (FORGE, "test", "--match-contract", "InvariantsTest"),
        r"\d+ tests passed, \d+ failed",
        DEEP,
    ),
    Step(
        "halmos",
        "proofs for all values: ids once, expiry monotone, default deny",
        (
            *(HALMOS, "--contract", "SymbolicTest", "--solver", "z3", "--loop", "40", "--no-status"),
            *("--forge-build-out", ".cache/symbolic/out"),
        ),
        r"Symbolic test result: \d+ passed; \d+ failed",
        _built_in("symbolic"),
    ),
    Step(
        "slither",
        "no finding of high or medium impact without a reason",
        (PYTHON, "tools/slither_gate.py"),
        r"slither: .*",
    ),
    Step(
        "layouts",
        "storage layouts as written down",
        (PYTHON, "tools/storage_layout.py", "--check"),
        r"storage layouts: .*",
    ),
    Step(
        "gas",
        "prices and sizes as written down",
        ("tools/brownie", "run", "gas", "check", *ANVIL),
        r"gas: \d+ operations .*",
    ),
    Step(
        "model",
        "`permits` against a model from the specification; every day of the calendar",
        (*BROWNIE_TEST, "tests/contracts/deep", *ANVIL, "-q"),
        r"\d+ passed.* in [\d.:]+.*",
        {"CONSENTRY_DEEP": "1"},
    ),
    Step(
        "machine",
        "a state machine over the whole set, against a model in Python",
        (*BROWNIE_TEST, "tests/invariants", *ANVIL, "-q"),
        r"\d+ passed.* in [\d.:]+.*",
        {"CONSENTRY_DEEP": "1"},
    ),
    Step(
        "coverage",
        "lines that forge's tests alone reach",
        (
            *(
                FORGE,
                "coverage",
                "--ir-minimum",
                "--report",
                "summary",
                "--no-match-contract",
                "SymbolicTest",
            ),
            "--exclude-tests",
        ),
        r"contracts: .*",
        _built_in("coverage-forge") | {"FOUNDRY_INVARIANT_RUNS": "16"},
    ),
    Step(
        "mutation",
        "120 small mistakes, drawn by a seed: nine in ten must be noticed",
        (PYTHON, "tools/mutate.py", "--count", "120"),
        r"\d+ mutants: .*",
    ),
)


def run(step: Step, settings: dict[str, str]) -> tuple[bool, str, int]:
    """(passed, the line for the table, seconds). Shows the output while it comes."""
    started, lines = time.monotonic(), []
    environment = os.environ | {"FOUNDRY_INVARIANT_SHOW_METRICS": "false"} | settings
    environment["PATH"] = f"{ROOT / 'node_modules/.bin'}:{environment['PATH']}"
    command = ["timeout", "--kill-after=30", str(LIMIT_SECONDS), *step.command]
    with (
        (LOGS / f"{step.name}.log").open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process,
    ):
        for line in process.stdout or ():
            log.write(line)
            lines.append(line.rstrip())
            print(line[:200].rstrip(), flush=True)
    if step.name == "coverage":
        lines.append(covered(lines))
        print(lines[-1])
    found = [re.search(step.result, line) for line in lines]
    said = next((match.group() for match in reversed(found) if match), "")
    passed = process.returncode == 0 and bool(said)
    return (
        passed,
        said or f"exit code {process.returncode}, no result line",
        round(time.monotonic() - started),
    )


def covered(lines: list[str]) -> str:
    """The sum over our own contracts; forge's total counts mocks and test helpers too."""
    reached = total = 0
    for line in lines:
        row = re.match(r"\| (contracts/\S+) +\| +[\d.]+% \((\d+)/(\d+)\)", line)
        if row and not row.group(1).startswith("contracts/mocks/"):
            reached, total = reached + int(row.group(2)), total + int(row.group(3))
    if not total:
        return "no coverage"
    return f"contracts: {100 * reached / total:.1f} % of {total} lines"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [step.name for step in STEPS]
    parser.add_argument("steps", nargs="*", metavar="STEP", help=", ".join(names))
    parser.add_argument(
        "--quick", action="store_true", help=f"only {', '.join(sorted(QUICK))}, with fewer draws"
    )
    parser.add_argument("--list", action="store_true", help="only show the steps")
    chosen = parser.parse_args()
    unknown = sorted(set(chosen.steps) - set(names))
    if unknown:
        parser.error(f"no such step: {', '.join(unknown)}; there are {', '.join(names)}")
    if chosen.list:
        print("\n".join(f"{step.name:<11} {step.what}" for step in STEPS))
        return 0
    LOGS.mkdir(parents=True, exist_ok=True)
    subprocess.run([ROOT / "tools/environment.sh", "assurance"], check=True)
    asked = set(chosen.steps) or (QUICK if chosen.quick else set(names))
    wanted = [step for step in STEPS if step.name in asked]
    table: list[str] = []
    failed: list[str] = []
    for number, step in enumerate(wanted, 1):
        print(f"\n=== {number}/{len(wanted)} {step.name}: {step.what}", flush=True)
        passed, said, seconds = run(step, {} if chosen.quick and step.settings is DEEP else step.settings)
        if not passed:
            failed.append(step.name)
        table.append(
            f"{'ok' if passed else 'FAILED':<7} {step.name:<11} {seconds:>5} s  {step.what}\n{'':<28}{said}"
        )
    print("\n=== summary", *table, sep="\n")
    for name in failed:
        print(f"\n=== the end of .cache/deep/{name}.log", *_end_of(name), sep="\n")
    return 1 if failed else 0


def _end_of(name: str) -> list[str]:
    return (LOGS / f"{name}.log").read_text("utf-8").splitlines()[-END_LINES:]


if __name__ == "__main__":
    sys.exit(main())

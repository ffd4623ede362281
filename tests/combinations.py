"""Which chain, store and database the whole story is told on, and how it is told there.

Two engines of different kinds fail together more often than three: so each chain meets several stores and databases (pairwise),
not each meets all. The first two are part of `make test`, all of them are `make test-engines`.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
STEPS = 50
LIMIT_SECONDS = 900


class Combination(NamedTuple):
    chain: Literal["anvil", "ganache", "clique", "kaia"]
    store: Literal["embedded", "kubo", "swarm"]
    database: Literal["files", "postgresql"]

    @property
    def needs(self) -> list[str]:
        """Engines that are built from sources (engines/build.sh)."""
        chains = {"clique": ["geth"], "kaia": ["kaia"]}.get(self.chain, [])
        stores = {"kubo": ["kubo"], "swarm": ["kubo", "ipfs-cluster"]}.get(self.store, [])
        return chains + stores


COMBINATIONS = (
    Combination("anvil", "embedded", "postgresql"),
    Combination("ganache", "kubo", "files"),
    Combination("clique", "embedded", "postgresql"),
    Combination("kaia", "swarm", "postgresql"),
    Combination("kaia", "kubo", "files"),
)
IN_CI = COMBINATIONS[:2]


@dataclass(frozen=True)
class Told:
    """How the story went; `seconds` is what it says itself."""

    returncode: int
    steps: int
    last_line: str
    output: str


TOLD: dict[Combination, Told] = {}
"""What came of each that was tried in this run."""


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "consentry.cli", "demo", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )


def tell(combination: Combination, *database: str) -> Told:
    """The demo on these engines; `database`: the options that name a running PostgreSQL."""
    if combination.needs:
        subprocess.run([str(ROOT / "engines" / "build.sh"), *combination.needs], check=True)
    done = demo("--chain", combination.chain, "--store", combination.store, *database)
    output = done.stdout + done.stderr
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
    steps = 0 if "✗" in done.stdout else done.stdout.count("✓")
    return Told(done.returncode, steps, last, output)

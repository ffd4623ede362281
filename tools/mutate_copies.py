"""Copies of the tree in which tools/mutate.py tries its mutants, and Brownie in them."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".cache" / "mutation"
LIMIT_SECONDS = 900
TIME_LIMIT = "ended: time limit"
METADATA = re.compile(r"a264697066735822[0-9a-f]{68}64736f6c63[0-9a-f]{6}0033")


def make_copy(number: int) -> Path:
    """A tree of its own for a worker, compiled."""
    copy = HOME / f"tree-{number}"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    shutil.rmtree(copy, ignore_errors=True)
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    (copy / ".cache").mkdir(exist_ok=True)
    for name in (".venv", "node_modules", ".cache/solcx"):
        (copy / name).symlink_to((ROOT / name).resolve())
    done = run(copy, ["compile", "--all"])
    if done.returncode != 0:
        sys.exit(done.stdout[-3000:])
    shutil.copytree(copy / "build", copy / "build.clean")
    return copy


def check_clean(copy: Path) -> None:
    """Without a mutant a folder of tests passes here: else every mutant would seem killed. `make test` runs them all."""
    done = run(
        copy, ["test", "tests/contracts/records", "--network", "anvil", "-x", "-q", "--disable-warnings"]
    )
    if done.returncode != 0:
        sys.exit(f"tests of the contracts fail without any mutant:\n{done.stdout[-3000:]}")


def run(copy: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Brownie in a copy; all its processes end with it."""
    command = ["tools/brownie", *arguments]
    with subprocess.Popen(
        command,
        cwd=copy,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(copy / "app")},
    ) as process:
        try:
            output, _ = process.communicate(timeout=LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            output += TIME_LIMIT
    return subprocess.CompletedProcess(command, process.returncode, output)


def bytecode(build: Path) -> dict[str, str]:
    """What is deployed, without the hash of the source's own text."""
    found = {}
    for path in sorted((build / "contracts").glob("*.json")):
        found[path.name] = METADATA.sub("", json.loads(path.read_text("utf-8")).get("bytecode", ""))
    return found

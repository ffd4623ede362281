"""Copies of the tree in which tools/mutate.py tries its mutants, and Brownie in them."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".cache" / "mutation"
LIMIT_SECONDS = 1800
TIME_LIMIT = "ended: time limit"
SAME_BYTECODE = 20
"""Exit code of a run that mutate_plugin.py ended."""
TESTS_FAILED = 1
"""pytest's exit code; any other but 0 says that it could not run them."""
METADATA = re.compile(r"a264697066735822[0-9a-f]{68}64736f6c63[0-9a-f]{8}0033")
FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - (.*))?$", re.MULTILINE)
# what a node or a machine under load may say: no word about the contract
STUMBLED = re.compile(
    r"ConnectionError|ConnectionRefused|Timeout|RPCProcessError|Broken pipe|MemoryError|OSError"
)


def make_copies(count: int) -> list[Path]:
    """A tree for each worker, compiled."""
    first = HOME / "tree-0"
    shutil.rmtree(first, ignore_errors=True)
    for name in _listed():
        (first / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, first / name)
    (first / ".cache").mkdir(exist_ok=True)
    for name in (".venv", "node_modules", ".cache/solcx"):
        (first / name).symlink_to((ROOT / name).resolve())
    done = brownie(first, ["compile", "--all"])
    if done.returncode != 0:
        sys.exit(done.stdout[-3000:])
    shutil.copytree(first / "build", first / "build.clean")
    check_clean(first)
    copies = [first]
    for number in range(1, count):
        copies.append(HOME / f"tree-{number}")
        shutil.rmtree(copies[-1], ignore_errors=True)
        shutil.copytree(first, copies[-1], symlinks=True)
    return copies


def _listed() -> list[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def check_clean(copy: Path) -> None:
    """Without a mutant a folder of tests passes here: else every mutant would seem killed. `make test` runs them all."""
    done = test(copy, ["tests/contracts/records"])
    if done.returncode != 0:
        sys.exit(f"tests of the contracts fail without any mutant:\n{done.stdout[-3000:]}")


def try_out(
    copy: Path, path: str, mutated: bytes, tests: list[str], changed: Iterable[str]
) -> tuple[str, str, str]:
    """(verdict, the test that killed it, its words) of a mutated file; the copy is as before afterwards. `changed` are all
    files whose bytecode may differ: Brownie 1.22.2 alone does not compile again what inherits from a contract whose library
    changed."""
    target = copy / path
    clean = target.read_bytes()
    target.write_bytes(mutated)
    try:
        for artifact in (copy / "build" / "contracts").glob("*.json"):
            if json.loads(artifact.read_bytes()).get("sourcePath") in changed:
                artifact.unlink()
        done = test(copy, [*tests, "-p", "mutate_plugin"])
        return meaning(done.returncode, done.stdout)
    finally:
        target.write_bytes(clean)
        shutil.rmtree(copy / "build")
        shutil.copytree(copy / "build.clean", copy / "build")


def meaning(code: int, output: str) -> tuple[str, str, str]:
    """(verdict, the test that killed it, its words) of a test run. Only a test that failed kills."""
    if code == 0:
        return "survived", "", ""
    if code == SAME_BYTECODE:
        return "equivalent", "", ""
    if "CompilerError" in output:
        return "uncompilable", "", ""
    failed = FAILED.search(output)
    if code == TESTS_FAILED and failed and not STUMBLED.search(failed.group(2) or ""):
        return "killed", failed.group(1), failed.group(2) or ""
    return "broken", "", output[-2000:]


def test(copy: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return brownie(copy, ["test", *arguments, "--network", "anvil", "-x", "-q", "--disable-warnings"])


def brownie(copy: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Brownie in a copy; all its processes end with it."""
    command = ["tools/brownie", *arguments]
    with subprocess.Popen(
        command,
        cwd=copy,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # wide enough that pytest does not cut what a test says
        env=os.environ | {"PYTHONPATH": str(copy / "app"), "COLUMNS": "300"},
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
        found[path.name] = METADATA.sub("", json.loads(path.read_bytes()).get("bytecode", ""))
    return found

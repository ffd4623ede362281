"""Which tests judge a mutant for tools/mutate.py, nearest first, and which files a verdict rests on."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from mutate_operators import Mutant

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests" / "contracts"
IMPORT = re.compile(r'import [^;]*?"(\.[^"]+)"', re.DOTALL)
FUNCTION = re.compile(r"^    (?:function|constructor|modifier)\b.*?^    }", re.DOTALL | re.MULTILINE)
WORD = re.compile(r"[A-Za-z]\w{2,}")
ON_THE_LINE = 3
"""How many times more a word weighs that stands on the mutated line or names the function."""


@cache
def text(path: Path) -> str:
    return path.read_text("utf-8")


@cache
def imports() -> dict[str, set[str]]:
    """Our own files that each contract imports, by their paths from the root."""
    return {
        str(path.relative_to(ROOT)): {
            str((path.parent / one).resolve().relative_to(ROOT)) for one in IMPORT.findall(text(path))
        }
        for path in sorted((ROOT / "contracts").rglob("*.sol"))
    }


@cache
def importers(path: str) -> set[str]:
    """The file and whatever imports it, however many steps away: all that a change of it changes."""
    found, todo = set(), [path]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += [name for name, imported in imports().items() if one in imported]
    return found


def mirrored(path: str) -> list[str]:
    """The test folders of a contract: of its own area, or for a library of the areas that use it, its own first."""
    if Path(path).parts[1] != "libraries":
        return [_area(path)]
    if Path(path).stem in {"SignatureRule", "TypedDomain"}:
        return ["signatures"]
    users = {_area(one) for one in importers(path)}
    return ["libraries", *sorted(users - {"libraries", "interfaces", "mocks"})]


def _area(path: str) -> str:
    return "emergency" if Path(path).stem == "EmergencyAccess" else Path(path).parts[1]


def judges(mutant: Mutant) -> list[Path]:
    """The test files of its mirrored folders; first a library's own, then those with the words of its function that few
    others have."""
    files = [file for folder in mirrored(mutant.path) for file in sorted((TESTS / folder).glob("test_*.py"))]
    words = {file: set(WORD.findall(text(file))) for file in files}
    common = Counter(word for found in words.values() for word in found)
    source = (ROOT / mutant.path).read_bytes()
    start = len(source[: mutant.start].decode())
    around = [one for one in FUNCTION.finditer(source.decode()) if one.start() <= start < one.end()]
    function = around[0].group() if around else ""
    weights = dict.fromkeys(WORD.findall(function), 1)
    weights |= dict.fromkeys(WORD.findall(mutant.code) + WORD.findall(function)[1:2], ON_THE_LINE)

    stem = Path(mutant.path).stem.lower()

    def nearness(file: Path) -> tuple[bool, float]:
        own = file.parent.name == "libraries" and stem in file.stem.replace("_", "")
        return own, sum(weight / common[word] for word, weight in weights.items() if word in words[file])

    return sorted(files, key=nearness, reverse=True)


def rests_on(path: str, verdict: str, by: str) -> str:
    """A digest of what a verdict on a mutant of this file depends on. A test that is added brings no killed one to life: for
    that the file of the test that failed is enough, with what it shares with others."""
    files = set((ROOT / "contracts").rglob("*.sol"))
    if verdict in {"killed", "survived"}:
        files |= {file for file in (ROOT / "scripts").glob("*.py") if file.name != "gas.py"}
        files |= {*TESTS.glob("*.py"), *(ROOT / "tests" / "typed_data").glob("*.py")}
        killer = ROOT / by.split("::")[0]
        for folder in [killer.parent] if by else [TESTS / one for one in mirrored(path)]:
            beside = folder.glob("*.py")
            files |= {
                file for file in beside if not by or file == killer or not file.name.startswith("test_")
            }
    return _digest(sorted(files))


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        if file.exists():
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            digest.update(f"{file.relative_to(ROOT)} {content}\n".encode())
    return digest.hexdigest()[:32]

"""What a committed file must not hold: download addresses, secrets, files too large to review."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = re.compile(
    r"(registry|pypi|proxy|sum|repo1?|deb|static)\.(npmjs|org|golang|maven|debian|crates)\b|files\.pythonhosted"
)
PRIVATE_KEY = re.compile(r"BEGIN (RSA |EC )?PRIVATE KEY")


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).exists()]


def test_no_committed_file_is_larger_than_a_megabyte() -> None:
    assert not [path for path in committed() if path.stat().st_size > 1_048_576]


def test_no_lock_file_holds_an_address() -> None:
    for path in committed():
        if "lock" in path.name or path.name.startswith("requirements") or path.suffix == ".sum":
            assert not re.search(r"https?://", path.read_text("utf-8")), path


def test_no_registry_host_is_named() -> None:
    for path in committed():
        if path != Path(__file__) and path.suffix not in {".png", ".woff2"}:
            assert not REGISTRY.search(path.read_text("utf-8", errors="replace")), path


def test_no_private_key_block_is_committed() -> None:
    for path in committed():
        if path != Path(__file__):
            assert not PRIVATE_KEY.search(path.read_text("utf-8", errors="replace")), path

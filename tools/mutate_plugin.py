"""For Brownie's pytest in a copy of tools/mutate.py: no test runs if the mutant compiled to what was there before."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutate_copies import SAME_BYTECODE, bytecode


def pytest_collection() -> None:
    """By now Brownie has compiled; it forgets artifacts of other packages that nothing inherits from."""
    if bytecode(Path("build")).items() <= bytecode(Path("build.clean")).items():
        pytest.exit("the mutant makes no difference", returncode=SAME_BYTECODE)

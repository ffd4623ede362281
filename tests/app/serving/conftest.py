from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.app.serving.running import Little


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Little]]:
    """Starts the process, with options, in a folder that has these files."""
    made: list[Little] = []

    def started(*files: str, options: tuple[str, ...] = ()) -> Little:
        for name in files:
            (tmp_path / name).touch()
        made.append(Little(tmp_path, options=options))
        return made[-1]

    yield started
    for one in made:
        one.end()


@pytest.fixture
def little(start: Callable[..., Little]) -> Little:
    return start()

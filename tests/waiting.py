"""Waiting for what must come, however busy the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

WAIT_SECONDS = 90.0
T = TypeVar("T")


def until(condition: Callable[[], T], what: str) -> T:
    """What `condition` gives once it is true. Fails after a time that no good network needs."""
    ends = time.monotonic() + WAIT_SECONDS
    while not (found := condition()):
        assert time.monotonic() < ends, f"never came: {what}"
        time.sleep(0.1)
    return found

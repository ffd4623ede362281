"""Whole stretches of the calendar in one call each: the contract's texts against those of Python's datetime."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from brownie import web3

from tests.contracts.calls import calldata

DAY = 86_400
CYCLE = 146_097  # days of the Gregorian calendar's 400 years
LAST_DAY = (datetime(9999, 12, 31, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days
PER_CALL = 20_000
GAS = 2**32  # of a call that no block holds


def stride() -> int:
    """Which days a run looks at: all on anvil; Ganache's engine, in JavaScript, would take minutes for its second."""
    return 1 if "anvil" in web3.client_version.lower() else 499


def first_wrong(libraries: Any, start: int, end: int, step: int) -> str | None:
    """Python's text of the first time in `start` … `end` (excluded; seconds) that the contract writes or reads otherwise."""
    for begin in range(start, end, PER_CALL * step):
        times = range(begin, min(begin + PER_CALL * step, end), step)
        texts = [python_text(time) for time in times]
        index = _asked(libraries, "firstWrongTime", "".join(texts).encode("ascii"), begin, step)
        if index < len(times):
            return texts[index]
    return None


def first_aperiodic(libraries: Any, start: int, end: int, cycles: int) -> str | None:
    """Python's text of the first day in `start` … `end` (excluded; days) that looks otherwise `cycles` cycles later."""
    for begin in range(start, end, PER_CALL):
        count = min(PER_CALL, end - begin)
        index = _asked(libraries, "firstAperiodicDay", begin * DAY, count, cycles)
        if index < count:
            return python_text((begin + index) * DAY)
    return None


def python_text(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _asked(libraries: Any, function: str, *arguments: Any) -> int:
    call = {"to": libraries.address, "data": calldata(libraries, function, *arguments), "gas": GAS}
    return int.from_bytes(web3.eth.call(call), "big")

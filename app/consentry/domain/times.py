"""Times as people and contracts read them: `YYYY-MM-DDThh:mm:ssZ`, UTC, no fractions (design §6)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from consentry.errors import ConsentryError, LayoutInvalid

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

EARLIEST = -5_364_662_400
"""1800-01-01T00:00:00Z: no living person has an older record."""

LATEST = 253_402_300_799
"""9999-12-31T23:59:59Z: beyond it a year no longer has four digits."""


def iso(seconds: int) -> str:
    """Seconds since the epoch (EARLIEST … LATEST) as text. Raises LayoutInvalid outside these bounds."""
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not EARLIEST <= seconds <= LATEST:
        raise LayoutInvalid("time: outside the years 1800 to 9999")
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(text: str, where: str = "time", error: type[ConsentryError] = LayoutInvalid) -> int:
    """Text as seconds since the epoch. Raises `error` naming `where` if malformed or not in the calendar."""
    found = _ISO.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise error(f"{where}: must read YYYY-MM-DDThh:mm:ssZ", expression=(where,))
    year, month, day, hour, minute, second = map(int, found.groups())
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        raise error(f"{where}: no such date or time in the calendar", expression=(where,)) from None
    value = (moment - _EPOCH) // timedelta(seconds=1)
    if value < EARLIEST:
        raise error(f"{where}: must not be before the year 1800", expression=(where,))
    return value

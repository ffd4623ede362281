"""FHIR's partial dates as instants and intervals (R4 datatypes.html §dateTime; design §6: end exclusive,
UTC)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from consentry.domain import times

_PARTIAL = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Interval:
    """Seconds since the epoch; `start` belongs to it, `end` does not."""

    start: int
    end: int

    @property
    def start_text(self) -> str:
        return times.iso(self.start)


def interval(text: str) -> Interval | None:
    """What a FHIR date, dateTime or instant covers; None if it is none or lies outside the years 1800 to
    9998.

    A date without a time has no zone in FHIR; it is taken as a day of UTC, the zone of headers and terms. The
    seconds' fraction is dropped, a leap second counts as the last ordinary one.
    """
    found = _PARTIAL.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part) if part else None for part in found.groups()[:6])
    try:
        start = datetime(
            year or 0, month or 1, day or 1, hour or 0, minute or 0, min(second or 0, 59), tzinfo=UTC
        )
        start -= _offset(found[7])
        end = _after(start, month, day, hour)
    except (ValueError, OverflowError):
        return None
    first, last = ((moment - _EPOCH) // timedelta(seconds=1) for moment in (start, end))
    return Interval(first, last) if first >= times.EARLIEST and last <= times.LATEST else None


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone == "Z":
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if hours > 14 or minutes > 59:
        raise ValueError("no such zone")
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)


def _after(start: datetime, month: int | None, day: int | None, hour: int | None) -> datetime:
    if month is None:
        return start.replace(year=start.year + 1)
    if day is None:
        return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return start + (timedelta(days=1) if hour is None else timedelta(seconds=1))

"""Dates in searches: prefixes, and what they compare (R4 search.html §3.1.1.4.2 and §3.1.1.4.5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from consentry.fhir import dates
from consentry.fhir.dates import Interval


class Prefix(StrEnum):
    EQ = "eq"
    NE = "ne"
    GT = "gt"
    LT = "lt"
    GE = "ge"
    LE = "le"
    SA = "sa"
    EB = "eb"
    AP = "ap"


@dataclass(frozen=True)
class DateTest:
    """`about` is how many seconds `ap` is off at most: a tenth of the time between the date and now."""

    prefix: Prefix
    asked: Interval
    about: int = 0


def date_test(text: str, now: int) -> DateTest | None:
    """The test that a value such as `ge2025-03` asks for; None if it is none. `now` in seconds."""
    prefix = Prefix.EQ
    if text[:2] in frozenset(Prefix):
        prefix, text = Prefix(text[:2]), text[2:]
    # A space is a plus sign of a time zone that the client did not encode.
    asked = dates.interval(text.replace(" ", "+"))
    if asked is None:
        return None
    return DateTest(prefix, asked, abs(now - asked.start) // 10 if prefix is Prefix.AP else 0)


def fits(found: Interval, test: DateTest) -> bool:
    """Whether what a resource says fits. Of open periods the missing end is taken as far away."""
    asked = test.asked
    equal = asked.start <= found.start and found.end <= asked.end
    match test.prefix:
        case Prefix.EQ:
            return equal
        case Prefix.NE:
            return not equal
        case Prefix.GT:
            return found.end > asked.end
        case Prefix.LT:
            return found.start < asked.start
        case Prefix.GE:
            return found.end > asked.end or equal
        case Prefix.LE:
            return found.start < asked.start or equal
        case Prefix.SA:
            return found.start >= asked.end
        case Prefix.EB:
            return found.end <= asked.start
        case Prefix.AP:
            return found.start < asked.end + test.about and found.end > asked.start - test.about

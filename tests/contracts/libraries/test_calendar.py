"""All days of the calendar's cycle, on chain and in Python (C-1, C-10). What Python calls a date is what a patient read."""

from datetime import datetime

import pytest

from tests.contracts.libraries import calendar
from tests.contracts.libraries.calendar import (
    CYCLE,
    DAY,
    LAST_DAY,
    first_aperiodic,
    first_wrong,
    python_text,
    stride,
)

LATE = "2000-02-29T00:00:01Z"


def test_format_and_parse_equal_datetime_when_day_is_any_of_the_cycle(libraries):
    """C-1, C-10: 146,097 days, after which the calendar begins again."""
    assert first_wrong(libraries, 0, CYCLE * DAY, stride() * DAY) is None
    assert first_wrong(libraries, (LAST_DAY - 400) * DAY, (LAST_DAY + 1) * DAY, stride() * DAY) is None


@pytest.mark.parametrize("day", ["1970-01-01", "2024-02-29", "2100-03-01", "9999-12-31"])
def test_format_and_parse_equal_datetime_when_second_is_any_of_the_day(libraries, day):
    """C-1, C-10"""
    start = int(datetime.fromisoformat(f"{day}T00:00:00Z").timestamp())
    assert first_wrong(libraries, start, start + DAY, stride()) is None


@pytest.mark.parametrize("cycles", [1, 7, 19])
def test_format_repeats_when_400_years_pass(libraries, cycles):
    """C-1: a day one cycle later differs in its year alone, by 400; `LibraryMock` compares the texts."""
    days = CYCLE if stride() == 1 else 400
    assert first_aperiodic(libraries, 0, days, cycles) is None


def test_comparison_names_the_first_time_when_one_differs(libraries, monkeypatch):
    """The comparison can fail: Python's text of one day, a second late, is found among its neighbours."""

    def wrong(seconds):
        return LATE if seconds == 11_016 * DAY else python_text(seconds)

    monkeypatch.setattr(calendar, "python_text", wrong)
    assert first_wrong(libraries, 11_000 * DAY, 11_030 * DAY, DAY) == LATE

"""The whole calendar that a text can name: every day from 1970 to 9999, written and read, and each of its cycles (C-1, C-10)."""

import pytest

from tests.contracts.libraries.calendar import CYCLE, DAY, LAST_DAY, first_aperiodic, first_wrong

CYCLES = LAST_DAY // CYCLE


@pytest.mark.parametrize("cycle", range(CYCLES + 1))
def test_format_and_parse_equal_datetime_when_day_is_any_until_9999(libraries, cycle):
    """C-1, C-10"""
    end = min((cycle + 1) * CYCLE, LAST_DAY + 1)
    assert first_wrong(libraries, cycle * CYCLE * DAY, end * DAY, DAY) is None


@pytest.mark.parametrize("cycles", range(1, CYCLES + 1))
def test_format_repeats_when_any_number_of_cycles_passes(libraries, cycles):
    """C-1"""
    days = min(CYCLE, LAST_DAY + 1 - cycles * CYCLE)
    assert first_aperiodic(libraries, 0, days, cycles) is None

"""Times as texts: the contract writes and reads what Python's datetime does (C-1, C-10)."""

from calendar import monthrange
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contracts.reverts import reverts_with
from tests.contracts.typed import iso

LATEST = 253402300799
EDGES = [
    0,
    1,
    86399,
    86400,
    951782399,  # 2000-02-28T23:59:59Z
    951782400,  # 2000-02-29
    951868800,  # 2000-03-01
    4107542399,  # 2100-02-28T23:59:59Z: no leap year
    4107542400,
    1735689599,  # the last second of 2024
    1735689600,
    LATEST,
]
checks = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def text(raw) -> str:
    return bytes(raw)[:20].decode("ascii")


@pytest.mark.parametrize("seconds", EDGES)
def test_format_writes_the_calendar_when_time_is_an_edge(libraries, seconds):
    """C-1"""
    assert text(libraries.format(seconds)) == iso(seconds)


@checks
@given(seconds=st.integers(0, LATEST))
def test_format_equals_datetime_when_time_is_any(libraries, seconds):
    """C-1"""
    assert text(libraries.format(seconds)) == iso(seconds)
    assert libraries.parse(iso(seconds)) == (True, libraries.format(seconds))


def test_format_reverts_when_the_year_has_five_digits(libraries):
    """C-1"""
    with reverts_with("IsoTimeOutOfRange", LATEST + 1):
        libraries.format(LATEST + 1)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "any",
        "2024-02-30T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2024-04-31T00:00:00Z",
        "2024-01-00T00:00:00Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z",
        "2024-01-01T00:00:60Z",
        "2024-01-01t00:00:00Z",
        "2024-01-01T00:00:00z",
        "2024-01-01 00:00:00Z",
        "2024/01/01T00:00:00Z",
        "2024-01-01T00:00:00",
        "2024-01-01T00:00:00Z ",
        "2024-01-01T00:00:0:Z",
        "2024-01-01T00:00:0/Z",
        "+024-01-01T00:00:00Z",
        "２024-01-01T00:00Z",
    ],
)
def test_parse_refuses_when_text_is_no_time(libraries, value):
    """C-10"""
    assert not libraries.parse(value)[0]


@pytest.mark.parametrize("year", [1900, 2000, 2023, 2024])
def test_parse_ends_each_month_with_its_last_day(libraries, year):
    """C-10"""
    for month in range(1, 13):
        last = monthrange(year, month)[1]
        assert libraries.parse(f"{year}-{month:02}-{last}T00:00:00Z")[0]
        assert not libraries.parse(f"{year}-{month:02}-{last + 1}T00:00:00Z")[0]


@checks
@given(value=st.from_regex(r"(?a)\A[12]\d\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-6]\d:[0-6]\dZ\Z"))
def test_parse_agrees_with_datetime_when_text_has_the_shape(libraries, value):
    """C-10"""
    try:
        datetime.fromisoformat(value)
        exists = True
    except ValueError:
        exists = False
    assert libraries.parse(value)[0] == exists

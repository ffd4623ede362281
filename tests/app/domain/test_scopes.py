"""Scopes of a system's access token (T-1)."""

from __future__ import annotations

import pytest

from consentry.domain.scopes import MAX_CHARACTERS, Scopes
from consentry.errors import LayoutInvalid

# SMART App Launch 2.2, scopes-and-launch-context: read is `r` (instances), search is `s`; `rs` is both.
ALLOWED = (
    ("system/Observation.rs", "Observation", "rs", "cud"),
    ("system/Observation.r", "Observation", "r", "cuds"),
    ("system/*.cruds", "Condition", "cruds", ""),
    ("system/Observation.c system/Observation.d", "Observation", "cd", "rus"),
    ("system/*.r system/Observation.s", "Observation", "rs", "cud"),
    ("system/Observation.cruds", "Condition", "", "cruds"),
)
REFUSED = (
    "",
    " ",
    "system/Observation.rs ",
    "system/Observation.rs  system/Condition.rs",
    "system/Observation.rs\tsystem/Condition.rs",
    "system/Observation.",
    "system/Observation.sr",
    "system/Observation.rr",
    "system/Observation.x",
    "system/Observation.read",
    "system/*.*",
    "system/observation.r",
    "system/Observ ation.r",
    "System/Observation.r",
    "patient/Observation.rs",
    "user/*.cruds",
    "launch/patient",
    "openid",
    "offline_access",
    "system/Observation.rs?category=laboratory",
    "system/Observation.rs\n",
    "system/*.r\x00",
    "system/Ωbservation.r",
)


@pytest.mark.parametrize(("text", "resource_type", "yes", "no"), ALLOWED)
def test_allow_follows_type_and_letter(text: str, resource_type: str, yes: str, no: str) -> None:
    """T-1."""
    scopes = Scopes.parse(text)
    assert all(scopes.allow(resource_type, letter) for letter in yes)
    assert not any(scopes.allow(resource_type, letter) for letter in no)


@pytest.mark.parametrize("text", REFUSED)
def test_parse_refuses_what_is_no_system_scope(text: str) -> None:
    """T-1."""
    with pytest.raises(LayoutInvalid) as refused:
        Scopes.parse(text)
    assert refused.value.expression == ("scope",)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("launch/patient system/*.rs", "system/*.rs"),
        ("openid fhirUser offline_access system/Observation.r user/*.cruds", "system/Observation.r"),
        ("system/*.read patient/*.rs", ""),
        ("system/Observation.sr", ""),
        ("  ", ""),
    ],
)
def test_request_leaves_out_what_no_system_gets(asked: str, given: str) -> None:
    """T-1: clients ask for it by habit, and are told what they got."""
    assert str(Scopes.of_request(asked)) == given


def test_request_for_search_parameters_is_refused() -> None:
    """T-1: giving less without a word could mislead, and giving more would be wrong."""
    with pytest.raises(LayoutInvalid, match="search parameters"):
        Scopes.of_request("system/*.rs system/Observation.rs?category=laboratory")


def test_parse_refuses_search_parameters_by_name() -> None:
    """T-1: what is asked for is a feature of version 2, so the message says which one is missing."""
    with pytest.raises(LayoutInvalid, match="search parameters"):
        Scopes.parse("system/Observation.rs?category=laboratory")


def test_parse_refuses_a_list_without_end() -> None:
    """T-1."""
    with pytest.raises(LayoutInvalid):
        Scopes.parse(" ".join(["system/*.r"] * MAX_CHARACTERS))


@pytest.mark.parametrize(
    ("asked", "registered", "common"),
    [
        ("system/*.cruds", "system/Observation.rs", "system/Observation.rs"),
        ("system/Observation.cruds", "system/*.rs", "system/Observation.rs"),
        ("system/*.rs system/Basic.c", "system/*.s system/Basic.cr", "system/*.s system/Basic.cr"),
        ("system/Condition.r", "system/Observation.r", ""),
        ("system/Observation.c", "system/Observation.r", ""),
        ("system/*.r system/Observation.r", "system/*.cruds", "system/*.r"),
    ],
)
def test_common_gives_what_both_allow(asked: str, registered: str, common: str) -> None:
    """T-1: never more than either."""
    found = Scopes.parse(asked).common(Scopes.parse(registered))
    assert str(found) == common
    assert bool(found) == bool(common)
    assert found == Scopes.parse(registered).common(Scopes.parse(asked))

"""Whose data a bundle is, whatever its authors call people (F-1)."""

from __future__ import annotations

from typing import Any

import pytest

from consentry.errors import BundleNamesTwoPatients
from consentry.fhir.patients import _People
from consentry.fhir.validate import parse_bundle
from tests.app.fhir.builders import bundle, observation, patient


def by(system: str, value: str) -> dict[str, Any]:
    return {"type": "Patient", "identifier": {"system": system, "value": value}}


def test_identifiers_with_separators_in_them_stay_two_people() -> None:
    """F-1: `urn:a|b` 7 is somebody else than `urn:a` b|7."""
    raw = bundle(observation("o1", subject=by("urn:a|b", "7")), observation("o2", subject=by("urn:a", "b|7")))
    with pytest.raises(BundleNamesTwoPatients):
        parse_bundle(raw)


def test_contained_people_with_separators_in_their_ids_stay_two_people() -> None:
    """F-1: `x#y` in `o` is somebody else than `y` in `o#x`."""
    people = _People()
    people.join([("contained", "o", "x#y")], "first")
    people.join([("contained", "o#x", "y")], "second")
    with pytest.raises(BundleNamesTwoPatients):
        people.clues(None)


def test_an_identifier_is_given_as_it_stands() -> None:
    """F-1: a value with a `|` keeps its system."""
    found = parse_bundle(bundle(observation("o1", subject=by("urn:a", "b|7")))).patient
    assert found.identifiers == (("urn:a", "b|7"),)


def test_a_logical_reference_means_no_entry_whose_name_looks_like_it() -> None:
    """F-1: only an identifier; the entry `urn:a|7` has that fullUrl by accident."""
    raw = bundle(patient(), observation("o1", subject={"reference": "Patient/p1"}))
    resolver = parse_bundle(raw).resolver
    assert resolver.target({"identifier": {"system": "urn:a", "value": "7"}}).name == ""


def test_thousands_of_performers_are_joined_in_few_steps() -> None:
    """F-1: each of 8,000 performers brings a new name for one patient; no name is far from its root."""
    people, number = _People(), ("identifier", "urn:mrn", "1")
    for index in range(8_000):
        people.join([("reference", f"Patient/{index}"), number], "Bundle.entry[0].resource")
    depths = []
    for name in people._parent:
        depth = 0
        while people._parent[name] != name:
            name, depth = people._parent[name], depth + 1
        depths.append(depth)
    assert len(depths) == 8_001 and max(depths) <= 14
    assert len(people.clues(None).references) == 8_000


def test_a_bundle_with_thousands_of_performers_is_one_patients() -> None:
    """F-1: end to end."""
    performers = [{"reference": f"Patient/{index}", **by("urn:mrn", "1")} for index in range(8_000)]
    raw = bundle(observation("o1", subject=by("urn:mrn", "1"), performer=performers))
    assert len(parse_bundle(raw).patient.references) == 8_000

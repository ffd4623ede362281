"""The demo's bundles are valid, seeded and as rich as the story needs (F-1, F-2, F-3)."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from consentry.demo.bundles import MRN_SYSTEM, PATIENTS, demo_bundles, extra_bundle, profile_bundle
from consentry.fhir.split import RecordDraft, split
from consentry.fhir.validate import parse_bundle
from tests.app.fhir import readback

PROFILES = ("healthy", "type2_diabetes", "hypertension", "ckd_stage3", "anaemia")


@pytest.fixture(scope="module")
def drafts() -> dict[str, tuple[RecordDraft, ...]]:
    return {key: split(parse_bundle(raw)) for key, raw in demo_bundles(7).items()}


def test_demo_bundles_are_reproducible() -> None:
    """F-3"""
    assert demo_bundles(7) == demo_bundles(7) != demo_bundles(8)


def test_demo_bundles_name_their_patients_by_number() -> None:
    """F-1"""
    found = {key: parse_bundle(raw).patient.identifiers for key, raw in demo_bundles(7).items()}
    assert found == {who.key: ((MRN_SYSTEM, who.mrn),) for who in PATIENTS}


def test_demo_records_hold_no_name_or_number(drafts: dict[str, tuple[RecordDraft, ...]]) -> None:
    """P-1"""
    for who in PATIENTS:
        text = b"".join(draft.content for draft in drafts[who.key]).decode()
        assert not any(word in text for word in (who.mrn, who.family, who.given, MRN_SYSTEM))


def test_alice_has_what_the_story_needs(drafts: dict[str, tuple[RecordDraft, ...]]) -> None:
    """F-2: counts that the demo prints."""
    alice = drafts["alice"]
    by_category = Counter((str(draft.category), str(draft.confidentiality)) for draft in alice)
    assert by_category[("laboratory", "N")] == 2 and by_category[("laboratory", "R")] == 1
    assert by_category[("psychiatry", "R")] == 1 and by_category[("psychiatry", "V")] == 1
    assert by_category[("hiv", "R")] == 1 and by_category[("allergy", "N")] == 1
    assert {draft.department for draft in alice} == {"any", "endocrinology", "psychiatry"}
    results = Counter(
        (str(draft.confidentiality), one["resourceType"])
        for draft in alice
        if draft.category == "laboratory"
        for one in readback.resources(draft)
    )
    assert results == {
        ("N", "Observation"): 27,
        ("N", "DiagnosticReport"): 5,
        ("N", "Practitioner"): 1,
        ("R", "Observation"): 1,
    }


def test_nothing_outside_psychiatry_tells_of_it(drafts: dict[str, tuple[RecordDraft, ...]]) -> None:
    """F-2, G-3"""
    psychiatric = [draft for draft in drafts["alice"] if draft.category == "psychiatry"]
    inside = {one["id"] for draft in psychiatric for one in readback.resources(draft)}
    shared = {
        one["id"]
        for draft in psychiatric
        for one in readback.resources(draft)
        if one["resourceType"] == "Organization"
    }
    for draft in drafts["alice"]:
        if draft.category != "psychiatry":
            text = draft.content.decode()
            assert not any(word in text for word in ("精神", "Psychiatr", "F32", "N06A", "舍曲林", "陈思远"))
            assert not any(name in text for name in inside - shared)
            assert readback.dangling(draft) == []


def test_hand_written_bundle_stands_alone_and_comes_back() -> None:
    """F-3"""
    parsed = parse_bundle(extra_bundle())
    records = split(parsed)
    for entry in parsed.entries:
        places = readback.homes(records, entry.identity)
        assert places
        for _, published in places:
            told = readback.without_rewritten(entry.resource)
            if entry.type == "Encounter":
                told.pop("diagnosis", None)
            assert readback.without_rewritten(published) == told
    assert '"value":118.0}' in b"".join(record.content for record in records).decode()


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_can_be_published(profile: str) -> None:
    """F-1, F-2"""
    raw = profile_bundle(profile, 3)
    parsed = parse_bundle(raw)
    assert 40 <= len(json.loads(raw)["entry"]) <= 55
    assert (
        sum(count for draft in split(parsed) for kind, count in draft.resource_types if kind == "Observation")
        == 34
    )

"""Opened records as one searchset (F-3, G-3)."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentry import errors
from consentry.fhir import jsontext, tree
from consentry.fhir.merge import AUTHOR_TAG, DATE_TAG, OpenedRecord, everything
from consentry.fhir.split import split
from consentry.fhir.validate import parse_bundle, problems
from tests.app.fhir.builders import bundle, observation, patient, practitioner, resource_lists

MERCY = ("0x" + "11" * 20, "Mercy Hospital")
CITY = ("0x" + "22" * 20, "City Hospital")
BASE = "https://city.example/fhir"


def opened(raw: bytes, author: tuple[str, str] = MERCY, first: int = 0) -> list[OpenedRecord]:
    return [
        OpenedRecord(
            record_id=f"0x{first + index:064x}",
            author=author[0],
            author_name=author[1],
            category=draft.category,
            confidentiality=draft.confidentiality,
            date=draft.date,
            content=draft.content,
        )
        for index, draft in enumerate(split(parse_bundle(raw)))
    ]


def kept(resource: dict[str, Any]) -> str:
    """A resource without what publishing may change, as text."""
    slim = {key: value for key, value in resource.items() if key not in ("id", "meta")}
    found = tree.rewrite(slim, lambda _element, _found: None, lambda url: url)
    return jsontext.write(found).decode()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(resource_lists(), st.randoms(use_true_random=False))
def test_everything_gives_back_what_was_published(found: list[dict[str, Any]], dice: random.Random) -> None:
    """F-3: as JSON, except id, meta and references; and every reference leads to an entry."""
    records = opened(bundle(*found))
    answer = everything(records, "Patient/a-1", BASE)
    got = json.loads(jsontext.write(answer), parse_float=Decimal)
    assert problems(answer, "") == ()
    clinical = [row["resource"] for row in got["entry"] if row["resource"]["resourceType"] != "Patient"]
    assert sorted(map(kept, clinical)) == sorted(
        kept(one) for one in found if one["resourceType"] != "Patient"
    )
    urls = {row["fullUrl"] for row in got["entry"]}
    for one in clinical:
        literals = [reference["reference"] for _, reference in tree.references(one)]
        assert all(f"{BASE}/{literal}" in urls for literal in literals)
    shuffled = list(records)
    dice.shuffle(shuffled)
    assert everything(shuffled, "Patient/a-1", BASE) == answer


def test_everything_says_who_wrote_what_and_how_confidential_it_is() -> None:
    """G-3"""
    raw = bundle(
        patient(gender="female"),
        practitioner(),
        observation("o1", performer=[{"reference": "Practitioner/dr"}]),
    )
    answer = everything(opened(raw), "Patient/a-1", BASE + "/")
    assert (answer["type"], answer["total"]) == ("searchset", 2)
    assert answer["link"] == [{"relation": "self", "url": f"{BASE}/Patient/a-1/$everything"}]
    first, second, third = answer["entry"]
    assert first["resource"] == {"resourceType": "Patient", "id": "a-1", "gender": "female"}
    assert second["resource"]["subject"] == {"reference": "Patient/a-1"}
    meta = second["resource"]["meta"]
    assert {"system": AUTHOR_TAG, "code": MERCY[0], "display": MERCY[1]} in meta["tag"]
    assert [label["code"] for label in meta["security"]] == ["N", "3"] and meta["source"].startswith(
        "urn:consentry:record:0x"
    )
    assert (second["search"]["mode"], third["search"]["mode"]) == ("match", "include")
    assert third["resource"]["resourceType"] == "Practitioner"


def test_nobody_writes_in_another_authors_name() -> None:
    """F-22: what an author says of author, category, record, level and confidentiality in `meta` is the gateway's to say."""
    own = {
        "tag": [
            {"system": AUTHOR_TAG, "code": CITY[0], "display": CITY[1]},
            {"system": "urn:own", "code": "x"},
            {"system": DATE_TAG, "code": "1999-01-01T00:00:00Z"},
        ],
        "security": [{"system": "urn:consentry:level", "code": "1"}],
        "source": "urn:consentry:record:0x00",
        "versionId": "99",
    }
    answer = everything(opened(bundle(patient(), observation("o1", meta=own))), "Patient/a-1", BASE)
    meta = answer["entry"][1]["resource"]["meta"]
    authors = [tag["code"] for tag in meta["tag"] if tag["system"] == AUTHOR_TAG]
    (record,) = opened(bundle(patient(), observation("o1", meta=own)))
    assert [tag["code"] for tag in meta["tag"] if tag["system"] == DATE_TAG] == [record.date]
    assert (authors, meta["versionId"], meta["tag"][0]["code"]) == ([MERCY[0]], "1", "x")
    assert [one["code"] for one in meta["security"]] == ["N", "3"] and not meta["source"].endswith("0x00")


def test_everything_keeps_two_authors_apart() -> None:
    """F-3: equal ids of two hospitals are two resources."""
    raw = bundle(patient(), observation("o1"))
    answer = everything([*opened(raw), *opened(raw, CITY, 50)], "Patient/a-1", BASE)
    assert answer["total"] == 3 and len({row["fullUrl"] for row in answer["entry"]}) == 3


def test_everything_shows_both_when_two_records_use_one_id() -> None:
    """F-3: dropping one silently could drop the right one; corrections say which record they replace."""
    earlier = opened(bundle(patient(), observation("o1", status="preliminary")))
    later = opened(bundle(patient(), observation("o1", effectiveDateTime="2025-03-05T08:00:00Z")), first=9)
    answer = everything([*later, *earlier], "Patient/a-1", BASE)
    assert [row["resource"].get("status") for row in answer["entry"]] == [None, "preliminary", "final"]
    assert len({row["fullUrl"] for row in answer["entry"]}) == 3


def test_everything_without_records_is_a_patient_and_nothing_else() -> None:
    """G-3: the same answer whether nothing exists or nothing is permitted."""
    answer = everything([], "Patient/a-1", BASE)
    assert [row["resource"] for row in answer["entry"]] == [{"resourceType": "Patient", "id": "a-1"}]


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"\xff",
        b"[]",
        b"{}",
        b'{"entry":7}',
        b'{"entry":[{}]}',
        b'{"entry":[{"resource":[]}]}',
        b'{"entry":[{"resource":{"id":7,"resourceType":"Basic"}}]}',
        b'{"entry":[{"resource":{"id":"x","resourceType":["Basic"]}}]}',
        b'{"entry":[{"resource":{"id":"x","resourceType":"Spell"}}]}',
        b'{"entry":[{"resource":{"id":"x","resourceType":"Basic","meta":"x"}}]}',
        b'{"entry":[{"resource":{"id":"x","resourceType":"Basic","meta":{"security":{}}}}]}',
        b'{"entry":[{"resource":{"id":"x","resourceType":"Basic","meta":{"tag":["x"]}}}]}',
    ],
)
def test_everything_refuses_a_record_that_is_none(content: bytes) -> None:
    """F-1: an author can seal anything."""
    record = opened(bundle(patient(), observation("o1")))[0]
    bad = OpenedRecord(**{**record.__dict__, "content": content})
    with pytest.raises(errors.NotFhir):
        everything([bad], "Patient/a-1", BASE)

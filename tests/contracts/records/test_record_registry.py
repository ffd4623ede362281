"""Anchors and retractions (R-1, R-2, M-4)."""

import pytest

from tests.contracts.consents import RECORD
from tests.contracts.reverts import reverts_with

ROOT = "0x" + "11" * 32
MANIFEST = "0x" + "22" * 32
ZERO = "0x" + "00" * 32
ZERO_ADDRESS = "0x" + "00" * 20


def test_anchor_records_root_count_and_time_when_author_is_active(records, mercy_hospital):
    """R-1"""
    tx = records.anchor(ROOT, MANIFEST, 100, {"from": mercy_hospital})
    assert tuple(records.anchorOf(mercy_hospital, ROOT)) == (tx.timestamp, 100)
    assert dict(tx.events["RecordsAnchored"]) == {
        "author": mercy_hospital,
        "root": ROOT,
        "manifestDigest": MANIFEST,
        "count": 100,
    }


def test_anchor_of_is_empty_when_never_anchored(records, city_hospital, mercy_hospital):
    """R-1"""
    records.anchor(ROOT, MANIFEST, 1, {"from": mercy_hospital})
    assert tuple(records.anchorOf(city_hospital, ROOT)) == (0, 0)


def test_anchor_is_per_author_when_two_anchor_the_same_root(records, city_hospital, mercy_hospital):
    """R-1"""
    records.anchor(ROOT, MANIFEST, 1, {"from": mercy_hospital})
    records.anchor(ROOT, MANIFEST, 2, {"from": city_hospital})
    assert records.anchorOf(city_hospital, ROOT)[1] == 2


def test_anchor_reverts_when_repeated(records, mercy_hospital):
    """R-1"""
    records.anchor(ROOT, MANIFEST, 1, {"from": mercy_hospital})
    with reverts_with("RecordRootAlreadyAnchored", mercy_hospital, ROOT):
        records.anchor(ROOT, MANIFEST, 1, {"from": mercy_hospital})


@pytest.mark.parametrize(("root", "count"), [(ROOT, 0), (ROOT, 101), (ROOT, 2**32 - 1), (ZERO, 1)])
def test_anchor_reverts_when_batch_is_invalid(records, mercy_hospital, root, count):
    """R-1"""
    with reverts_with("RecordBatchInvalid", root, count):
        records.anchor(root, MANIFEST, count, {"from": mercy_hospital})


def test_anchor_reverts_when_caller_is_no_member(records, mallory):
    """R-1"""
    with reverts_with("RecordAuthorNotActive", mallory):
        records.anchor(ROOT, MANIFEST, 1, {"from": mallory.account})


def test_anchor_reverts_when_author_is_suspended(records, members, mercy_hospital, consortium):
    """M-4"""
    members.suspend(mercy_hospital, {"from": consortium})
    with reverts_with("RecordAuthorNotActive", mercy_hospital):
        records.anchor(ROOT, MANIFEST, 1, {"from": mercy_hospital})


def test_retract_marks_only_the_callers_record_when_called(records, mercy_hospital, city_hospital):
    """R-2"""
    tx = records.retract(RECORD, {"from": mercy_hospital})
    assert records.isRetracted(mercy_hospital, RECORD)
    assert not records.isRetracted(city_hospital, RECORD)
    assert dict(tx.events["RecordRetracted"]) == {"author": mercy_hospital, "recordId": RECORD}


def test_retract_works_when_author_is_suspended(records, members, mercy_hospital, consortium):
    """R-2"""
    members.suspend(mercy_hospital, {"from": consortium})
    records.retract(RECORD, {"from": mercy_hospital})
    assert records.isRetracted(mercy_hospital, RECORD)


def test_retract_reverts_when_caller_is_no_member(records, mallory):
    """R-2"""
    with reverts_with("RecordAuthorUnknown", mallory):
        records.retract(RECORD, {"from": mallory.account})


def test_retract_reverts_when_repeated(records, mercy_hospital):
    """R-2"""
    records.retract(RECORD, {"from": mercy_hospital})
    with reverts_with("RecordAlreadyRetracted", mercy_hospital, RECORD):
        records.retract(RECORD, {"from": mercy_hospital})


def test_retract_for_marks_the_record_when_author_is_expelled(records, members, mercy_hospital, consortium):
    """R-2"""
    members.expel(mercy_hospital, {"from": consortium})
    records.retractFor(mercy_hospital, RECORD, {"from": consortium})
    assert records.isRetracted(mercy_hospital, RECORD)


@pytest.mark.parametrize("step", [None, "suspend"])
def test_retract_for_reverts_when_author_is_not_expelled(
    records, members, mercy_hospital, consortium, mallory, step
):
    """R-2: nor when there is no such author."""
    if step:
        getattr(members, step)(mercy_hospital, {"from": consortium})
    for author in (mercy_hospital, mallory, ZERO_ADDRESS):
        with reverts_with("RecordAuthorNotExpelled", author):
            records.retractFor(getattr(author, "address", author), RECORD, {"from": consortium})


def test_retract_for_reverts_when_repeated(records, members, mercy_hospital, consortium):
    """R-2: also after the author itself."""
    records.retract(RECORD, {"from": mercy_hospital})
    members.expel(mercy_hospital, {"from": consortium})
    with reverts_with("RecordAlreadyRetracted", mercy_hospital, RECORD):
        records.retractFor(mercy_hospital, RECORD, {"from": consortium})


def test_retract_for_reverts_when_caller_has_no_role(records, members, mercy_hospital, consortium, mallory):
    """R-2"""
    members.expel(mercy_hospital, {"from": consortium})
    with reverts_with("AccessManagedUnauthorized", mallory):
        records.retractFor(mercy_hospital, RECORD, {"from": mallory.account})

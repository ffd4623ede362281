"""Layouts as values: what code builds is as strict as what is read, and no bytes break a reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consentry.domain import eip712, infos, request_items, revocation, sessions
from consentry.domain.categories import Category
from consentry.domain.directory import DirectoryDocument
from consentry.domain.entries import Entry, Manifest
from consentry.domain.headers import Header, Sealing, record_digest, share_hash
from consentry.domain.receipt_items import ReceiptItem
from consentry.domain.receipts import Receipt
from consentry.domain.requests import ReleaseRequest, SelfGround
from consentry.errors import LayoutInvalid
from tests.vectors import samples
from tests.vectors.files import load
from tests.vectors.receipt_samples import receipt
from tests.vectors.samples import ALICE, CITY, NOW, filler

READERS: list[tuple[Callable[[bytes], Any], bytes]] = [
    (Header.parse, samples.header().to_bytes()),
    (Sealing.parse, samples.sealing().to_bytes()),
    (Entry.parse, samples.entry().to_plaintext()),
    (Manifest.parse, samples.manifest().to_bytes()),
    (
        lambda raw: DirectoryDocument.parse(raw, ["laboratory"]),
        samples.directory((Category.LABORATORY,)).to_bytes(),
    ),
    (Receipt.parse, receipt().to_bytes()),
    (ReleaseRequest.parse, samples.request().to_bytes()),
]


NAMES = ["header", "sealing", "entry", "manifest", "directory", "receipt", "request"]


@pytest.mark.parametrize(("parse", "raw"), READERS, ids=NAMES)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_parse_reads_or_refuses_changed_bytes(
    parse: Callable[[bytes], Any], raw: bytes, data: st.DataObject
) -> None:
    """L-1, K-2: nothing but LayoutInvalid escapes."""
    at = data.draw(st.integers(0, len(raw) - 1))
    drop = data.draw(st.integers(0, 5))
    insert = data.draw(st.binary(max_size=3) | st.sampled_from([b"null", b"[]", b"{}", b"0", b'""', b"true"]))
    changed = raw[:at] + insert + raw[at + drop :]
    try:
        value = parse(changed)
    except LayoutInvalid:
        return
    written = value.to_plaintext() if isinstance(value, Entry) else value.to_bytes()
    assert written == changed


@pytest.mark.parametrize(("parse", "raw"), READERS, ids=NAMES)
@pytest.mark.parametrize("wrong", [b"", b"null", b"[]", b"{}", b"5", b"\xff", bytes(2**20 + 1), None])
def test_parse_refuses_what_is_no_object(parse: Callable[[bytes], Any], raw: bytes, wrong: Any) -> None:
    """L-1."""
    assert parse(raw) is not None
    with pytest.raises(LayoutInvalid):
        parse(wrong)


WRONG: list[tuple[str, Callable[[], Any]]] = [
    ("record id", lambda: samples.header(record_id=bytes(31))),
    ("record id as text", lambda: samples.header(record_id="0x00")),
    ("category", lambda: samples.header(category="astrology")),
    ("replaces", lambda: samples.header(replaces=b"")),
    ("share hash", lambda: Sealing(1, 2, (bytes(32), bytes(31)))),
    ("no seats", lambda: Sealing(1, 2, ())),
    ("shares and hashes", lambda: replace(samples.entry(), sealing=samples.sealing(4))),
    ("rows", lambda: Manifest(ALICE, ())),
    ("no categories", lambda: replace(samples.directory(), categories={})),
    ("shares of a category", lambda: replace(samples.directory().categories[Category.CONSENT], shares=())),
    ("seat", lambda: share_hash(filler("salt"), 16, b"share")),
    ("header hash", lambda: record_digest(filler("record"), b"", filler("sealing"))),
    ("no items", lambda: replace(samples.request(), items=())),
    ("no item", lambda: ReceiptItem()),
    ("two items", lambda: ReceiptItem(filler("record"), samples.cid("document"))),
    (
        "category in info",
        lambda: infos.seed_share_info(1, 1, ALICE, "é", 1, bytes(32), bytes(1216), bytes(32)),
    ),
    ("chain id in info", lambda: infos.entry_info(-1, bytes(32))),
    ("session kind", lambda: replace(samples.certificate(), kind="patient")),
    (
        "session of another patient",
        lambda: replace(
            samples.request("patient"), ground=SelfGround(CITY), items=(samples.seed_item(CITY),)
        ),
    ),
    (
        "consent in a patient's session",
        lambda: replace(samples.request("patient"), ground=samples.request().ground),
    ),
    ("ground of nobody", lambda: request_items.parse_ground(None)),
    ("unknown item", lambda: request_items.parse_item([], "item")),
]


@pytest.mark.parametrize("build", [build for _, build in WRONG], ids=[why for why, _ in WRONG])
def test_values_made_by_code_are_checked_as_well(build: Callable[[], Any]) -> None:
    """L-2, L-3, L-15, L-16, L-17, K-1, K-6."""
    with pytest.raises(LayoutInvalid):
        build()


def test_directory_refuses_categories_sealed_to_different_seats() -> None:
    """L-17."""
    document = samples.directory()
    keys = document.categories[Category.CONSENT]
    fewer = replace(keys, share_hashes=keys.share_hashes[:2], shares=keys.shares[:2])
    with pytest.raises(LayoutInvalid, match="same seats"):
        replace(document, categories={Category.LABORATORY: keys, Category.CONSENT: fewer})
    with pytest.raises(TypeError):
        document.categories[Category.CONSENT] = keys  # type: ignore[index]


def test_grounds_say_what_they_are() -> None:
    """K-1."""
    grounds = {kind: samples.request(kind).ground for kind in ("staff", "patient")}
    assert {kind: (ground.type, ground.patient) for kind, ground in grounds.items()} == {
        "staff": ("CONSENT", ALICE),
        "patient": ("SELF", ALICE),
    }
    digest = revocation.digest(ALICE, filler("consent id"), samples.CHAIN_ID, samples.CONSENTS)
    assert digest.hex() == load("typed")["cases"][0]["digest"][2:]


def test_facts_are_what_the_contract_needs_of_a_header() -> None:
    """C-9."""
    header = samples.header()
    facts = header.facts()
    assert (facts.record_id, facts.author, facts.category) == (header.record_id, header.author, "laboratory")
    assert (facts.level, facts.confidentiality, facts.date) == (3, "N", header.date)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOW, True),
        (NOW + 4 * 3600 - 1, True),
        (NOW + 4 * 3600, False),
        (NOW - 4 * 3600, True),
        (NOW - 4 * 3600 - 1, False),
    ],
)
def test_session_lives_eight_hours_at_most(now: int, *, expected: bool) -> None:
    """K-2."""
    assert samples.certificate().is_live(now) == expected
    assert sessions.MAX_SESSION_SECONDS == 8 * 3600


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("string", 5),
        ("string", "\ud800"),
        ("bytes32", "0x00"),
        ("bytes32", filler("x")),
        ("address", "0x00"),
        ("uint32", 2**32),
        ("uint256", -1),
        ("uint256", True),
        ("string[]", "text"),
        ("bool", True),
    ],
)
def test_eip712_refuses_values_that_do_not_fit(kind: str, value: Any) -> None:
    """C-11: nothing is padded, cut or taken for zero."""
    with pytest.raises(LayoutInvalid):
        eip712.hash_struct("Thing", {"Thing": eip712.struct(field=kind)}, {"field": value})
    with pytest.raises(LayoutInvalid):
        eip712.hash_struct("Thing", {"Thing": eip712.struct(field=kind)}, {})

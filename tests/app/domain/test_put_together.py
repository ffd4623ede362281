"""What is put together or looked at by hand for speed is what the general way gives (L-1, L-2, L-3, L-18, B-1)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consentry.domain import canonical, fields
from consentry.domain.addresses import Address
from consentry.domain.categories import Category, Confidentiality
from consentry.domain.cids import cid, digest_of_raw, raw_cid
from consentry.domain.grounds import PERMITTED, REFUSALS, GroundType
from consentry.domain.headers import SUITE, Header, Sealing
from consentry.domain.purposes import Purpose
from consentry.domain.receipt_items import ReceiptItem
from consentry.domain.receipts import Receipt
from consentry.domain.times import iso
from consentry.errors import CidInvalid, LayoutInvalid
from consentry.storage.cid import DAG_PB, RAW, Cid, parse_cid

words = st.binary(min_size=32, max_size=32)
accounts = st.binary(min_size=20, max_size=20).map(lambda raw: Address("0x" + raw.hex()))
numbers = st.integers(1, canonical.MAX_INTEGER)
codes = st.text("abcxyzABCXYZ0189._-", max_size=31).map("c".__add__)
cids = st.builds(lambda codec, digest: str(Cid(codec, digest)), st.sampled_from([RAW, DAG_PB]), words)
headers = st.builds(
    Header,
    record_id=words,
    patient=accounts,
    author=accounts,
    category=st.sampled_from(Category),
    level=st.integers(1, 4),
    confidentiality=st.sampled_from(Confidentiality),
    department=codes,
    date=st.integers(0, 2**32).map(iso),
    version=numbers,
    replaces=st.none() | words,
    suite=st.just(SUITE),
    cid=cids,
    ciphertext_digest=words,
    key_commitment=words,
)
sealings = st.lists(words, min_size=2, max_size=16).flatmap(
    lambda hashes: st.builds(Sealing, numbers, st.integers(2, len(hashes)), st.just(tuple(hashes)))
)
items = st.builds(ReceiptItem, record_id=words) | st.builds(ReceiptItem, document_cid=cids)
MUTATIONS = st.tuples(st.integers(0, 60), st.sampled_from([*"abcdefhikqry247", "", "A", "1", "\n", "ſ"]))


@st.composite
def receipts(draw: st.DrawFn) -> Receipt:
    ground, decision = draw(st.sampled_from(GroundType)), draw(st.sampled_from(["released", "refused"]))

    def only(kind: GroundType) -> bytes | None:
        return draw(words) if ground is kind else None

    return Receipt(
        actor=draw(accounts),
        chain_id=draw(numbers),
        category=draw(st.sampled_from(Category)),
        committee_version=draw(numbers),
        consent_id=only(GroundType.CONSENT),
        decision=decision,
        ground=ground,
        item=draw(items),
        keeper=draw(accounts),
        member=draw(st.none() | accounts),
        patient=draw(accounts),
        practitioner=draw(st.none() | accounts),
        purpose=draw(st.sampled_from(Purpose)),
        reason=PERMITTED if decision == "released" else draw(st.sampled_from(sorted(REFUSALS))),
        request_digest=draw(words),
        salt=draw(st.binary(min_size=16, max_size=16)),
        seq=draw(st.integers(0, canonical.MAX_INTEGER)),
        time=draw(st.integers(0, 2**32)),
        episode=draw(st.none() | accounts) if ground is GroundType.CONSENT else None,
        opening_id=only(GroundType.EMERGENCY),
        mandate_id=draw(st.none() | st.just(only(GroundType.SELF))),
    )


@given(headers)
def test_header_is_put_together_canonically(header: Header) -> None:
    """L-1, L-2."""
    assert header.to_bytes() == canonical.dumps(header.to_json())
    assert Header.parse(header.to_bytes()) == header


@given(sealings)
def test_sealing_is_put_together_canonically(sealing: Sealing) -> None:
    """L-1, L-3."""
    assert sealing.to_bytes() == canonical.dumps(sealing.to_json())
    assert Sealing.parse(sealing.to_bytes()) == sealing


@given(receipts())
def test_receipt_is_put_together_canonically(receipt: Receipt) -> None:
    """L-1, L-18."""
    assert receipt.to_bytes() == canonical.dumps(receipt.to_json())
    assert Receipt.parse(receipt.to_bytes()) == receipt


@given(cids, st.lists(MUTATIONS, max_size=2))
def test_content_ids_are_those_that_the_store_reads(text: str, changes: list[tuple[int, str]]) -> None:
    """B-1: layouts and stores take the same ones."""
    for at, sign in changes:
        text = text[:at] + sign + text[at + 1 :]
    try:
        found = parse_cid(text)
    except CidInvalid:
        with pytest.raises(LayoutInvalid):
            cid(text)
        return
    assert cid(text) == text == str(replace(found))
    if found.codec == RAW:
        assert digest_of_raw(text) == found.digest and raw_cid(found.digest) == text
    else:
        with pytest.raises(LayoutInvalid):
            digest_of_raw(text)


@given(st.text("0123456789abcdefABx \n_", max_size=12), st.integers(0, 3), st.integers(0, 3))
@example("0x 1 1", 1, 2)
@example("0xAB", 1, 0)
@example("0x", 0, 0)
def test_hex_has_one_form(text: str, low: int, more: int) -> None:
    """L-1."""
    for value in (text, "0x" + text):
        right = re.fullmatch(r"0x((?:[0-9a-f]{2})*)", value)
        if right and 2 * low <= len(right[1]) <= 2 * (low + more):
            assert fields.hex_bytes(value, "it", low, low + more) == bytes.fromhex(right[1])
        else:
            with pytest.raises(LayoutInvalid, match="it"):
                fields.hex_bytes(value, "it", low, low + more)

"""Times, addresses, content ids, fields and grades."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from eth_utils import to_checksum_address
from hypothesis import given, settings
from hypothesis import strategies as st

from consentry.domain import addresses, cids, confidentiality, fields, times
from consentry.domain.categories import Confidentiality
from consentry.domain.grounds import Reason
from consentry.domain.purposes import WORDS, WORDS_ZH, Purpose
from consentry.domain.roles import Role
from consentry.errors import LayoutInvalid
from tests.vectors.samples import ALICE, cid, filler

ROOT = Path(__file__).resolve().parents[3]


@given(value=st.integers(times.EARLIEST, times.LATEST))
@settings(deadline=None)
def test_seconds_reads_what_iso_wrote(value: int) -> None:
    """C-1."""
    text = times.iso(value)
    assert times.seconds(text) == value
    assert datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp() == value


@pytest.mark.parametrize("value", [times.EARLIEST - 1, times.LATEST + 1, True, 1.5, None])
def test_iso_refuses_what_has_no_four_digit_year(value: Any) -> None:
    """C-1."""
    with pytest.raises(LayoutInvalid):
        times.iso(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00.0Z",
        "2026-01-01T00:00:00z",
        "2026-01-01T00:00:00Z\n",
        "1799-12-31T23:59:59Z",
        "٢٠٢٦-01-01T00:00:00Z",
        None,
        20260101,
    ],
)
def test_seconds_refuses_malformed_and_impossible_times(text: Any) -> None:
    """C-11."""
    with pytest.raises(LayoutInvalid) as refused:
        times.seconds(text, "header.date")
    assert refused.value.expression == ("header.date",)


@given(raw=st.binary(min_size=20, max_size=20))
@settings(deadline=None)
def test_addresses_are_read_in_every_spelling_that_wallets_use(raw: bytes) -> None:
    """I-1."""
    value = addresses.from_bytes(raw)
    assert addresses.to_bytes(value) == raw
    assert addresses.checksum(value) == to_checksum_address(value)
    for text in (value, addresses.checksum(value), "0x" + value[2:].upper()):
        assert addresses.address(text) == value


@pytest.mark.parametrize(
    "text", [None, "", ALICE[2:], ALICE[:-1], ALICE + "0", "0X" + ALICE[2:], ALICE[:-1] + "g", ALICE + "\n"]
)
def test_address_refuses(text: Any) -> None:
    """I-1."""
    with pytest.raises(LayoutInvalid):
        addresses.address(text)


def test_address_refuses_a_wrong_checksum() -> None:
    """I-1: a mistyped letter does not pay somebody else."""
    right = addresses.checksum(ALICE)
    at = next(i for i in range(2, 42) if right[i].isalpha())
    with pytest.raises(LayoutInvalid, match="capital"):
        addresses.address(right[:at] + right[at].swapcase() + right[at + 1 :])
    with pytest.raises(LayoutInvalid):
        addresses.from_bytes(bytes(19))


def test_did_names_chain_and_address() -> None:
    """I-2."""
    did = addresses.did(ALICE, 1337)
    assert did == f"did:ethr:0x539:{ALICE}"
    assert addresses.address_of_did(did, 1337) == ALICE
    assert addresses.address_of_did(f"did:ethr:0x539:{addresses.checksum(ALICE)}", 1337) == ALICE
    for wrong in (
        f"did:ethr:{ALICE}",
        f"did:web:0x539:{ALICE}",
        f"did:ethr:0x0539:{ALICE}",
        did + "#key",
        None,
    ):
        with pytest.raises(LayoutInvalid):
            addresses.address_of_did(wrong, 1337)  # type: ignore[arg-type]
    with pytest.raises(LayoutInvalid, match="another chain"):
        addresses.address_of_did(did, 1)


def test_cids_name_one_raw_block() -> None:
    """L-16: the digest that is anchored gives the manifest's CID and back."""
    digest = filler("digest")
    text = cids.raw_cid(digest)
    assert cids.cid(text) == text and cids.digest_of_raw(text) == digest
    tree = "bafybeidskjjd4zmr7oh6ku6wp72vvbxyibcli2r6if3ocdcy7jjjusvl2u"
    assert cids.cid(tree) == tree
    with pytest.raises(LayoutInvalid, match="one raw block"):
        cids.digest_of_raw(tree)
    for wrong in (
        None,
        "",
        text[:-1],
        "z" + text[1:],
        text.upper(),
        text[:10] + "1" + text[11:],
        cid("x") + "a",
    ):
        with pytest.raises(LayoutInvalid):
            cids.cid(wrong)


@given(raw=st.binary(max_size=40))
@settings(deadline=None)
def test_base64_has_one_form(raw: bytes) -> None:
    """L-15."""
    text = fields.to_base64(raw)
    assert fields.base64_bytes(text, "x", 0, 40) == raw
    for wrong in (text + "\n", text + "=", text.rstrip("=") if text.endswith("=") else text + "A", None, 5):
        with pytest.raises(LayoutInvalid):
            fields.base64_bytes(wrong, "x", 0, 40)


@pytest.mark.parametrize("value", ["QQ==", "QR=="])
def test_base64_refuses_stray_bits(value: str) -> None:
    """L-15."""
    if value == "QQ==":
        assert fields.base64_bytes(value, "x", 1) == b"A"
        return
    with pytest.raises(LayoutInvalid):
        fields.base64_bytes(value, "x", 1)


def test_confidentiality_is_ordered() -> None:
    """C-10: N < R < V."""
    grades = list(Confidentiality)
    assert [confidentiality.rank(grade) for grade in grades] == [1, 2, 3]
    for i, most in enumerate(grades):
        assert [confidentiality.covers(most, grade) for grade in grades] == [j <= i for j in range(3)]


def test_reasons_are_those_of_the_contract() -> None:
    """C-13: same names, same numbers."""
    source = (ROOT / "contracts" / "interfaces" / "IConsentRegistry.sol").read_text("utf-8")
    body = re.search(r"enum Reason \{([^}]*)\}", source)
    assert body is not None
    assert re.findall(r"^\s*(\w+),?$", body.group(1), re.MULTILINE) == [reason.name for reason in Reason]
    assert [reason.value for reason in Reason] == list(range(len(Reason)))


def test_codes_fit_the_chain_and_have_words() -> None:
    """C-11."""
    assert set(WORDS) == set(WORDS_ZH) == set(Purpose)
    assert all(fields.code(role, "role") == role for role in Role)

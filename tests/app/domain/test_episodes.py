"""Episodes: what a hospital's system asserts, and when it counts (L-22)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from consentry.crypto.signatures import recover
from consentry.domain import canonical, eip712, fields
from consentry.domain.addresses import Address
from consentry.domain.episodes import MAX_EPISODE_SECONDS, Episode, EpisodeAssertion, typed_data
from consentry.domain.receipts import Receipt
from consentry.errors import LayoutInvalid
from tests.vectors import samples
from tests.vectors.files import load, named
from tests.vectors.receipt_samples import receipt

VECTORS = load("episodes")
UNTIL = samples.episode().valid_until


def asserted(case: dict[str, Any]) -> tuple[EpisodeAssertion, bytes]:
    one = EpisodeAssertion.from_json(case["assertion"])
    about = one.about(Address(case["patient"]), Address(case["practitioner"]))
    return one, eip712.digest(typed_data(about, VECTORS["chainId"]))


@pytest.mark.parametrize("case", VECTORS["valid"], ids=["current"])
def test_episode_is_what_a_wallet_signs(case: dict[str, Any]) -> None:
    """L-22: our digest is eth-account's, and its signer is the account that the assertion names."""
    one, digest = asserted(case)
    assert one.to_json() == case["assertion"]
    assert fields.to_hex(digest) == case["digest"]
    message = encode_typed_data(full_message=case["typedData"])
    assert canonical.keccak(b"\x19", message.version, message.header, message.body) == digest
    assert recover(digest, one.signature) == one.by
    assert Account.from_key(samples.filler("account his")).address.lower() == one.by


@pytest.mark.parametrize("case", VECTORS["refused"], ids=named(VECTORS["refused"]))
def test_episode_of_something_else_is_not_what_was_signed(case: dict[str, Any]) -> None:
    """L-22."""
    one, digest = asserted(case)
    assert recover(digest, one.signature) != one.by


@pytest.mark.parametrize(
    ("before", "counts"),
    [
        (1, "yes"),
        (0, "no"),
        (-1, "no"),
        (MAX_EPISODE_SECONDS, "yes"),
        (MAX_EPISODE_SECONDS + 1, "no"),
    ],
)
def test_is_current_within_a_day_before_its_end(before: int, counts: str) -> None:
    """L-22: the end is exclusive, and no assertion lasts longer than a day."""
    assert samples.episode().is_current(UNTIL - before) is (counts == "yes")


@pytest.mark.parametrize("department", ["", "intensive care", "n" * 33, "kardiologie\n", None])
def test_episode_refuses_what_is_no_department(department: Any) -> None:
    """L-22: a department is a code, as the chain keeps it."""
    with pytest.raises(LayoutInvalid, match=r"episode\.department"):
        Episode(samples.ALICE, samples.DR_BOSE, department, UNTIL)
    with pytest.raises(LayoutInvalid, match=r"episode\.department"):
        replace(samples.episode(), department=department)


def test_request_names_reader_and_what_was_asserted() -> None:
    """K-14: the practitioner whom a system names reads, else the account itself; the patient is the ground's."""
    by_system = samples.request("system", samples.episode())
    assert by_system.reader == samples.DR_BOSE
    assert by_system.asserted_episode == Episode(samples.ALICE, samples.DR_BOSE, "cardiology", UNTIL)
    assert samples.request("staff", samples.episode()).reader == samples.DR_BOSE
    assert samples.request().asserted_episode is None


def test_receipt_names_who_asserted_only_under_consent() -> None:
    """K-6, K-14."""
    own = receipt(0, episode=samples.HIS)
    assert Receipt.parse(own.to_bytes()).episode == samples.HIS
    with pytest.raises(LayoutInvalid, match=r"receipt\.episode"):
        replace(own, ground="SELF", consent_id=None)

"""What a wallet makes sure of before it signs an emergency opening, its closing or its review (specification E-16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from consentry.domain import openings, times
from consentry.domain.addresses import Address
from consentry.domain.openings import Finding, Opening
from consentry.errors import ConsentryError
from consentry.wallets.checks import require_same
from consentry.wallets.problems import SigningRefused

CLOCK_SLACK_SECONDS = 300


@dataclass(frozen=True)
class Place:
    """The contract that signatures are for."""

    chain_id: int
    contract: Address


@dataclass(frozen=True)
class OpeningAsked:
    """What two people asked for. `patient` is None where they named a gateway's reference, which is its word."""

    patient: Address | None
    member_name: str
    first: Address
    second: Address
    seconds: int


def opening_typed_data(
    told: Mapping[str, Any], asked: OpeningAsked, place: Place, now: int
) -> tuple[bytes, dict[str, Any]]:
    """The id of the proposed opening and what both sign, built here (`now` in seconds). Raises SigningRefused."""
    try:
        opening = Opening.from_json(told.get("opening"))
    except ConsentryError as problem:
        raise SigningRefused(f"the opening cannot be signed: {problem.diagnostics}") from None
    if (opening.member, opening.first, opening.second) != (asked.member_name, asked.first, asked.second):
        raise SigningRefused("the opening names another member or other people")
    if asked.patient not in (None, opening.subject.patient):
        raise SigningRefused("the opening is for another patient")
    if not now < opening.open_until <= now + asked.seconds + CLOCK_SLACK_SECONDS:
        raise SigningRefused(f"the opening would end at {times.iso(opening.open_until)}")
    own = openings.typed_data(opening, place.chain_id, place.contract)
    require_same(told.get("typedData"), own)
    return openings.opening_id(opening, place.chain_id, place.contract), own


def closing_typed_data(theirs: object, opening_id: bytes, closer: Address, place: Place) -> dict[str, Any]:
    """What closes an opening early, built here. Raises SigningRefused when the gateway's is another."""
    own = openings.closing_data(opening_id, closer, place.chain_id, place.contract)
    require_same(theirs, own)
    return own


def review_typed_data(
    theirs: object, opening_id: bytes, finding: Finding, reviewer: Address, place: Place
) -> dict[str, Any]:
    """What a third person signs about an opening, built here. Raises SigningRefused when the gateway's is another."""
    own = openings.review_data(opening_id, finding, reviewer, place.chain_id, place.contract)
    require_same(theirs, own)
    return own

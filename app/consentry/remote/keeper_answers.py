"""A keeper's answer to a request for shares, read: what it must be, whoever it is (specification K-28)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from consentry.domain import fields
from consentry.domain.ledger import KeeperInfo
from consentry.errors import KeeperMisbehaved, LayoutInvalid
from consentry.ports.keeper_values import Served

SHARE_BYTES = 4_096


@dataclass(frozen=True)
class Given:
    """One keeper's answer: the sealed share for each item, None where refused, with its receipt, and how long it took."""

    shares: list[bytes | None]
    served: list[Served | None]
    seconds: float


def given_by(
    keeper: KeeperInfo, answer: Mapping[str, Any], digest: bytes, items: int, seconds: float
) -> Given:
    """What it answered to the request of this digest for so many items. Raises KeeperMisbehaved."""
    try:
        if answer["digest"] != fields.to_hex(digest) or len(answer["items"]) != items:
            raise KeeperMisbehaved("it answered another request")
        if answer["keeper"] != keeper.account:
            raise KeeperMisbehaved("it is not the keeper that the committee names")
        sealed = [_share_of(item, keeper.seat) for item in answer["items"]]
        served = [_served(item, keeper) for item in answer["items"]]
    except (KeyError, TypeError, LayoutInvalid):
        raise KeeperMisbehaved("its answer has another layout") from None
    return Given(sealed, served, seconds)


def _share_of(item: Mapping[str, Any], seat: int) -> bytes | None:
    if item["decision"] == "refused":
        return None
    if item["decision"] != "released":
        raise KeeperMisbehaved("a decision is neither released nor refused")
    if item["seat"] != seat:
        raise KeeperMisbehaved("it released the share of another seat")
    return fields.base64_bytes(item["share"], "share", 1, SHARE_BYTES)


def _served(item: Mapping[str, Any], keeper: KeeperInfo) -> Served | None:
    """What is said of a receipt counts for nothing here: it is handed on, for whoever asks the keeper for it."""
    said = item.get("receipt")
    if not isinstance(said, dict):
        return None
    try:
        seq, value = fields.integer(said.get("seq"), "seq"), fields.hex_bytes(said.get("value"), "value")
    except LayoutInvalid:
        return None
    return Served(keeper.account, keeper.seat, seq, value)

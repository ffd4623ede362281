"""What crosses between a reader and the keepers, as values (design §4, §7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class SignedAsk:
    """A request's canonical bytes (K-1) and the session key's signature over them (L-19), 64 bytes.

    `shares` holds, by seat, that keeper's sealed share for each of the `items` (None for a category seed).
    """

    request: bytes
    signature: bytes
    items: int
    shares: Mapping[int, tuple[bytes | None, ...]]


OpenShare = Callable[[int, int, bytes], bytes]
"""(item, seat, sealed share) → the share, opened and checked against its hash.

Raises SealInvalid, ShareInvalid.
"""


@dataclass(frozen=True)
class Served:
    """A keeper that gave its share, and the receipt that it wrote for it first, as it says: its number and Merkle value (32
    bytes, L-18)."""

    keeper: str
    seat: int
    seq: int
    value: bytes


@dataclass(frozen=True)
class Opened:
    """At least `threshold` good shares, by seat; `served`: who gave them, as far as they named a receipt."""

    shares: Mapping[int, bytes]
    served: tuple[Served, ...] = ()


@dataclass(frozen=True)
class Withheld:
    """So many keepers refused that the others could not open it either."""


@dataclass(frozen=True)
class Short:
    """Too few keepers answered to say either: technically incomplete, which is no refusal."""

    have: int
    need: int


Outcome = Opened | Withheld | Short


@dataclass(frozen=True)
class KeeperFailure:
    """One keeper's missing or bad answer; `code` as in docs/errors.md."""

    seat: int
    host: str
    code: str
    detail: str


@dataclass(frozen=True)
class Asked:
    """One outcome for each item, in order, and who failed on the way."""

    outcomes: tuple[Outcome, ...]
    failures: tuple[KeeperFailure, ...]


@dataclass(frozen=True)
class SignedAcknowledgement:
    """An acknowledgement's canonical bytes and the keeper's signature over them, 65 bytes (L-23)."""

    body: bytes
    signature: bytes

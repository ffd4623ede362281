"""Counting an account: accesses from distinct keepers, and who is silent about what others noted (A-6 … A-8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.receipt_items import ReceiptItem
from consentry.domain.receipts import Receipt
from consentry.services.account_report import Noted, Silence
from consentry.services.succession import Committees, seats_of

_Story = tuple[Any, ...]
_Key = tuple[Address, ReceiptItem, int, str]


class Contradiction(Exception):
    """Another keeper (its account) told the same request otherwise; kept inside the services."""

    def __init__(self, keeper: str) -> None:
        super().__init__(keeper)
        self.keeper = keeper


@dataclass
class _Request:
    """One request digest: its story as its first keeper told it, and who noted it, a bit for each keeper."""

    story: _Story
    version: int
    time: int
    teller: int
    noted_by: int = 0


@dataclass
class _Group:
    """All receipts of one key; seats of its committee version as bits."""

    member: Address | None
    category: Category
    first: int
    last: int
    practitioners: set[Address | None] = field(default_factory=set)
    purposes: set[str] = field(default_factory=set)
    grounds: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    episodes: set[Address] = field(default_factory=set)
    keepers: int = 0
    on_chain: int = 0


class Tally:
    """Takes receipts of the keepers in `accounts`; remembers a note for each request, and none of the receipts.

    Keepers that held one seat after another hold one share: they are counted once.
    """

    def __init__(self, accounts: Sequence[str], ledger: Committees) -> None:
        self._ledger = ledger
        self._seats: dict[int, dict[str, int]] = {}
        self._accounts = list(accounts)
        self._bits = {account: 1 << place for place, account in enumerate(accounts)}
        self._requests: dict[bytes, _Request] = {}
        self._stories: dict[_Story, _Story] = {}
        self._groups: dict[_Key, _Group] = {}
        self._newest: dict[str, int] = {}
        self._noted: dict[tuple[int, int], frozenset[int]] = {}

    def seats(self, version: int) -> dict[str, int]:
        """The seat of each account in a committee version (K-34); empty if the chain does not know it."""
        if version not in self._seats:
            self._seats[version] = seats_of(version, self._ledger)
        return self._seats[version]

    def add(self, receipt: Receipt, *, on_chain: bool) -> None:
        """Raises Contradiction. The keeper's seat was checked before."""
        bit = 1 << self.seats(receipt.committee_version)[receipt.keeper]
        self._note_request(receipt, self._bits[receipt.keeper])
        self._newest[receipt.keeper] = max(receipt.time, self._newest.get(receipt.keeper, receipt.time))
        key = (receipt.actor, receipt.item, receipt.committee_version, receipt.decision)
        group = self._groups.get(key)
        if group is None:
            group = _Group(receipt.member, receipt.category, receipt.time, receipt.time)
            self._groups[key] = group
        group.first, group.last = min(group.first, receipt.time), max(group.last, receipt.time)
        group.practitioners.add(receipt.practitioner)
        group.purposes.add(receipt.purpose)
        group.grounds.add(str(receipt.ground))
        group.reasons.add(receipt.reason)
        if receipt.episode is not None:
            group.episodes.add(receipt.episode)
        group.keepers |= bit
        group.on_chain |= bit if on_chain else 0

    def _note_request(self, receipt: Receipt, bit: int) -> None:
        """What the actor signed is one thing, whoever tells it."""
        told: _Story = (
            receipt.actor,
            receipt.member,
            receipt.practitioner,
            receipt.purpose,
            receipt.ground,
            receipt.consent_id,
            receipt.opening_id,
            receipt.mandate_id,
            receipt.episode,
        )
        story = self._stories.setdefault(told, told)
        request = self._requests.get(receipt.request_digest)
        if request is None:
            request = _Request(story, receipt.committee_version, receipt.time, bit)
            self._requests[receipt.request_digest] = request
        elif request.story is not story:
            raise Contradiction(self._accounts[request.teller.bit_length() - 1])
        request.version = max(request.version, receipt.committee_version)
        request.time = min(request.time, receipt.time)
        request.noted_by |= bit

    def noted(self) -> tuple[Noted, ...]:
        """In order of time. Raises ChainUnreachable, ChainWrong."""
        found = [
            Noted(
                decision=decision,
                actor=actor,
                member=group.member,
                practitioners=tuple(sorted(group.practitioners, key=str)),
                item=item,
                category=group.category,
                purposes=tuple(sorted(group.purposes)),
                grounds=tuple(sorted(group.grounds)),
                reasons=tuple(sorted(group.reasons)),
                episodes=tuple(sorted(group.episodes)),
                first=group.first,
                last=group.last,
                keepers=group.keepers.bit_count(),
                on_chain=group.on_chain.bit_count(),
                threshold=self._threshold(version),
            )
            for (actor, item, version, decision), group in self._groups.items()
        ]
        return tuple(sorted(found, key=lambda one: (one.first, one.actor)))

    def silence(self, keeper: str) -> Silence | None:
        """What enough other seats noted and this keeper's did not, of requests to committees in which it has one."""
        newest = self._newest.get(keeper)
        missed: list[tuple[int, int]] = []
        for one in self._requests.values():
            seats, noted = self.seats(one.version), self._noted_by(one)
            if keeper in seats and seats[keeper] not in noted and len(noted) >= self._threshold(one.version):
                missed.append((one.time, len(noted)))
        if not missed:
            return None
        later = [one for one in missed if newest is None or one[0] > newest]
        others = min(others for _, others in later or missed)
        return Silence(newest if later else None, len(later or missed), others)

    def _noted_by(self, request: _Request) -> frozenset[int]:
        """The seats whose keepers noted it, whatever they decided."""
        key = request.noted_by, request.version
        if key not in self._noted:
            seats = self.seats(request.version)
            named = {one for one, bit in self._bits.items() if request.noted_by & bit}
            self._noted[key] = frozenset(seats[one] for one in named if one in seats)
        return self._noted[key]

    def _threshold(self, version: int) -> int:
        committee = self._ledger.committee(version)
        assert committee is not None, "a receipt's seat is checked before it is counted"
        return committee.threshold

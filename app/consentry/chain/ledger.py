"""The Ledger port on a JSON-RPC node (specification K-3, K-11; design D6)."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Sequence
from enum import IntEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from consentry.chain.anchors import AnchorReads
from consentry.chain.calls import code32
from consentry.chain.connection import LATEST, Connection, head_of, octets, value_of
from consentry.chain.deployment import load_deployment
from consentry.chain.endpoints import connect
from consentry.chain.identity_reads import IdentityReads
from consentry.chain.reading_view import AtHead, ReadingView
from consentry.chain.rpc import Request
from consentry.chain.strangers import StrangersConnection
from consentry.chain.wallet_contracts import WalletContracts
from consentry.domain.addresses import ZERO
from consentry.domain.ledger import (
    Anchor,
    Answer,
    AuditClock,
    Ceiling,
    ChainHead,
    Chamber,
    CommitteeInfo,
    ConsentState,
    ContractCall,
    KeeperInfo,
    MemberInfo,
    MemberStatus,
    ReceiptsCommit,
    StaffInfo,
    Views,
)
from consentry.errors import ChainWrong, TransactionReverted
from consentry.ports.chain_node import NodesSeen

if TYPE_CHECKING:
    from consentry.ports import Ledger

T = TypeVar("T")
E = TypeVar("E", bound=IntEnum)


class ChainLedger(IdentityReads, AnchorReads, WalletContracts):
    """Reads of one deployment through one node. Thread-safe; the Ledger port says what it promises."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._lock = threading.Lock()
        self._committees: dict[int, CommitteeInfo] = {}
        self._members: tuple[bytes, tuple[MemberInfo, ...]] | None = None
        self._at_head = AtHead(self.is_head)
        self._strangers: ChainLedger | None = None

    @property
    def chain_id(self) -> int:
        return self.connection.deployment.chain_id

    def address_of(self, contract: str) -> str:
        return self._contracts[contract].address

    def nodes(self) -> NodesSeen:
        return self.connection.nodes()

    def for_one_read(self, since: float) -> Ledger:
        head = self.connection.head_since(since) or self.head()
        return cast("Ledger", ReadingView(self, self._at_head, head))

    def for_strangers(self) -> Ledger:
        with self._lock:
            self._strangers = self._strangers or ChainLedger(StrangersConnection(self.connection))
        return cast("Ledger", self._strangers)

    def is_head(self, head: ChainHead) -> bool:
        """Whether this block is the head still, or will never be it again: where blocks are final at once, a later one is."""
        return self.connection.deployment.finality == "instant" or self.head() == head

    # --- calls ---

    def evaluate(
        self, calls: Sequence[ContractCall[T]], block: Literal["latest", "final"] = "latest"
    ) -> tuple[Answer[T], ...]:
        tag = "latest" if block == "latest" else self.connection.final_tag()
        results = self.connection.ask(self.connection.request(call, tag) for call in calls)
        return self._answers(calls, results)

    def evaluate_both(self, calls: Sequence[ContractCall[T]]) -> Views[T]:
        final_tag, asked_at = self.connection.final_tag(), time.monotonic()
        tags = ("latest",) if final_tag == "latest" else ("latest", final_tag)
        requests = (self.connection.request(call, tag) for tag in tags for call in calls)
        found, *results = self.connection.ask(chain((LATEST,), requests))
        head = self.connection.noted(head_of(value_of(found)), asked_at)
        latest = self._answers(calls, results[: len(calls)])
        final = latest if len(tags) == 1 else self._answers(calls, results[len(calls) :])
        if final != latest and (newer := self.connection.final_tag()) != final_tag:
            # The head that the tag came from may be a second old, and somebody was told meanwhile that the change is final.
            final = self._answers(
                calls, self.connection.ask(self.connection.request(one, newer) for one in calls)
            )
        return Views(head, latest, final)

    def _answers(self, calls: Sequence[ContractCall[T]], results: Sequence[Any]) -> tuple[Answer[T], ...]:
        return tuple(
            self.connection.answer(call, result) for call, result in zip(calls, results, strict=True)
        )

    # --- records, consents ---

    def anchor_of(self, author: str, root: bytes) -> Anchor | None:
        return self.ask(self.anchor_call(author, root))

    def consent_of(self, patient: str, consent_id: bytes) -> ConsentState:
        return self.ask(self.consent_call(patient, consent_id))

    def acts_for(self, patient: str, account: str) -> bool:
        return self.ask(self.acts_for_call(patient, account))

    # --- members, committee ---

    def members(self) -> tuple[MemberInfo, ...]:
        """All members ever admitted, in that order; read anew whenever there is a new block."""
        results = self.connection.ask([LATEST, self._request("MemberRegistry", "memberCount")])
        head = head_of(value_of(results[0]))
        kept = self._members
        if kept is not None and kept[0] == head.hash:
            return kept[1]
        shape = self._contracts["MemberRegistry"].functions["memberCount"]
        count = shape.decode(octets(value_of(results[1])))[0]
        members = self._members_at([one.address for one in kept[1]]) if kept is not None else ()
        # So many members, all of them admitted: they are all of them. Else one came, or the chain was undone.
        if len(members) != count or any(one.status is MemberStatus.Unknown for one in members):
            at = [self.call("MemberRegistry", "memberAt", index, read=str) for index in range(count)]
            members = self._members_at([answer.get() for answer in self.evaluate(at)])
        self._members = (head.hash, members)
        return members

    def _request(self, contract: str, function: str) -> Request:
        return self.connection.request(self.call(contract, function, read=lambda *values: values), "latest")

    def _members_at(self, addresses: Sequence[str]) -> tuple[MemberInfo, ...]:
        def same(value: Any) -> Any:
            return value

        calls = [
            self.call("MemberRegistry", function, address, read=same)
            for address in addresses
            for function in ("memberOf", "directoryKeysOf")
        ]
        found = [answer.get() for answer in self.evaluate(calls)]
        return tuple(
            _member(address, found[2 * index], found[2 * index + 1])
            for index, address in enumerate(addresses)
        )

    def member(self, address: str) -> MemberInfo | None:
        found = self._members_at([address])[0]
        return None if found.status is MemberStatus.Unknown else found

    def member_by_name(self, name: str) -> MemberInfo | None:
        address = self._view("MemberRegistry", "memberByName", name)
        return None if address == ZERO else self.member(address)

    def staff(self, account: str) -> StaffInfo | None:
        return self.ask(self.staff_call(account))

    def ceiling(self, role: str) -> Ceiling:
        return Ceiling(*self._view("MemberRegistry", "ceilingOf", code32(role)))

    def committee(self, version: int | None = None) -> CommitteeInfo | None:
        wanted = int(self._view("KeeperCommittee", "currentVersion")) if version is None else version
        if wanted < 1:
            return None
        kept = self._committees.get(wanted)
        if kept is not None:
            return kept
        views = self.evaluate_both(
            [
                self.call("KeeperCommittee", "thresholdOf", wanted, read=lambda value: value),
                self.call("KeeperCommittee", "keepersOf", wanted, read=lambda value: value),
            ]
        )
        try:
            committee = _committee(wanted, *(answer.get() for answer in views.latest))
        except TransactionReverted:  # CommitteeVersionUnknown
            return None
        if views.final[0].value == committee.threshold:
            with self._lock:  # a version never changes once it is final
                self._committees[wanted] = committee
        return committee

    # --- receipts ---

    def next_seq_of(self, keeper: str) -> int:
        return int(self._view("AuditLog", "nextSeqOf", keeper))

    def audit_clock(self, keeper: str) -> AuditClock | None:
        views = self.evaluate_both(self.audit_calls(keeper))
        active, since, last_at, within = (answer.get() for answer in views.latest)
        return AuditClock(views.head.timestamp, max(since, last_at), within) if active and since else None

    def receipts_commit(self, keeper: str, root: bytes) -> ReceiptsCommit | None:
        return next(self._history.commits(keeper, root, self.head().number), None)

    def receipts_commit_in(self, transaction: bytes) -> tuple[ReceiptsCommit, ...]:
        return tuple(self._history.commits_in(transaction))

    def receipts_commit_of_seq(self, keeper: str, seq: int) -> ReceiptsCommit | None:
        commits = self._history.commits(keeper, None, self.head().number)
        return next((one for one in commits if one.first_seq <= seq < one.first_seq + one.count), None)


def open_ledger(
    url: str, deployment: Path, *, timeout: float = 10.0, tls: ssl.SSLContext | None = None
) -> ChainLedger:
    """The ledger of a deployment file through the node at `url`, or several between commas (`endpoints`).

    Raises DeploymentMissing, ChainUnreachable for what is no address.
    """
    return ChainLedger(connect(url, load_deployment(deployment), timeout=timeout, tls=tls))


def _member(address: str, found: tuple[Any, ...], keys: Sequence[bytes]) -> MemberInfo:
    number, name, kind, admitted_at, _suspended_until, _key = found
    status = _known(MemberStatus, number)
    return MemberInfo(address, name, kind, status, admitted_at, tuple(keys))


def _committee(version: int, threshold: int, keepers: Sequence[tuple[Any, ...]]) -> CommitteeInfo:
    seats = tuple(
        KeeperInfo(seat, account, member, _known(Chamber, chamber), url, key)
        for seat, (account, member, chamber, url, key) in enumerate(keepers)
    )
    return CommitteeInfo(version, threshold, seats)


def _known(words: type[E], number: int) -> E:
    """Raises ChainWrong for a value that this version does not know."""
    try:
        return words(number)
    except ValueError:
        raise ChainWrong(f"a {words.__name__} is answered that is not known here") from None

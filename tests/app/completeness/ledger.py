"""A chain of dictionaries that hospitals, patients, readers and keepers share: anchors, retractions, directories, consents.

Grounds are judged by Python's twin of the contract's rule (C-10); the contracts have tests of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

from consentry.domain.canonical import keccak
from consentry.domain.directory import SERVICE
from consentry.domain.grounds import Reason
from consentry.domain.ledger import (
    Anchor,
    AnchorEvent,
    AnchorSpan,
    Answer,
    Asker,
    AttributeChange,
    ChainHead,
    ContractCall,
    Grant,
    MemberInfo,
    RecordFacts,
    TxReceipt,
)
from consentry.domain.mandates import Mandate
from consentry.domain.provisions import Provision
from consentry.domain.terms import ANY, Terms
from consentry.errors import TransactionReverted
from tests.app.memory_ledger import MemoryLedger


class SharedLedger(MemoryLedger):
    """Instantly final. `granted` holds what patients granted and have not revoked."""

    def __init__(self, chain_id: int, addresses: dict[str, str], time: int) -> None:
        super().__init__(chain_id, addresses)
        self.head_at = ChainHead(1, time, _hash(1))
        self.all_members: list[MemberInfo] = []
        self.granted: set[Grant] = set()
        self.events: list[AnchorEvent] = []

    # --- what transactions do ---

    def mined(self) -> int:
        number = self.head_at.number + 1
        self.head_at = ChainHead(number, self.head_at.timestamp, _hash(number))
        return number

    def name_directory(self, patient: str, value: bytes, service: str = SERVICE) -> None:
        change = AttributeChange(service, value, self.head_at.timestamp + 10**9, self.mined(), 0)
        self.changes.setdefault(patient, []).append(change)

    # --- what is asked ---

    def block_hash(self, number: int) -> bytes | None:
        return _hash(number) if number <= self.head_at.number else None

    def anchors(self, first_block: int, last_block: int) -> Iterator[AnchorEvent]:
        yield from [one for one in self.events if first_block <= one.block <= last_block]

    def anchor_spans(self, first_block: int, head: ChainHead) -> Iterator[AnchorSpan]:
        yield AnchorSpan(head.number, head.hash, tuple(self.anchors(first_block, head.number)))

    def anchors_after(self, last: int, to: int) -> tuple[bytes | None, tuple[AnchorEvent, ...], bytes | None]:
        return self.block_hash(last), tuple(self.anchors(last + 1, to)), self.block_hash(to)

    def for_one_read(self, since: float) -> SharedLedger:
        return self

    def anchor_of(self, author: str, root: bytes) -> Anchor | None:
        return self.latest.anchors.get((author, root))

    def members(self) -> tuple[MemberInfo, ...]:
        return tuple(self.all_members)

    def latest_attribute(self, identity: str, name: str) -> AttributeChange | None:
        return next(reversed(self.attributes(identity, name)), None)

    def evaluate(
        self, calls: Sequence[ContractCall[Any]], block: Literal["latest", "final"] = "latest"
    ) -> tuple[Answer[Any], ...]:
        return self.evaluate_both(calls).latest

    def permit_many_call(
        self,
        grant: Grant,
        terms: Terms,
        asker: Asker,
        records: Sequence[RecordFacts],
        mandate: Mandate | None = None,
    ) -> ContractCall[tuple[Reason, ...]]:
        def covered(record: RecordFacts) -> bool:
            name = next(one.name for one in self.all_members if one.address == record.author)
            return any(_covers(one, asker.purpose, record, name) for one in terms.provisions)

        return self._judged("permitsMany", grant, lambda: tuple(_said(covered(one)) for one in records))

    def permit_directory_call(
        self, grant: Grant, terms: Terms, asker: Asker, category: str, mandate: Mandate | None = None
    ) -> ContractCall[Reason]:
        named = any(_in(category, one.categories) for one in terms.provisions)
        return self._judged("permitsDirectory", grant, lambda: _said(named))

    def _judged(self, function: str, grant: Grant, permitted: Callable[[], Any]) -> ContractCall[Any]:
        answer = permitted()
        none: Any = (
            Reason.ConsentRevoked if isinstance(answer, Reason) else (Reason.ConsentRevoked,) * len(answer)
        )
        return self._call(function, (grant, answer), lambda state: answer if grant in self.granted else none)


class AuthorSender:
    """The Sender port of one hospital: it anchors and retracts, under the contract's rules."""

    def __init__(self, ledger: SharedLedger, address: str) -> None:
        self._ledger, self.address = ledger, address

    def check(self, contract: str, function: str, *arguments: Any) -> None:
        """Nothing that authors send is checked beforehand."""

    def transact(self, contract: str, function: str, *arguments: Any) -> TxReceipt:
        state = self._ledger.latest
        if function == "anchor":
            root, manifest, count = arguments
            if (self.address, root) in state.anchors:
                raise TransactionReverted("RecordRootAlreadyAnchored", (self.address, root))
            block = self._ledger.mined()
            state.anchors[self.address, root] = Anchor(self._ledger.head_at.timestamp, count)
            event = AnchorEvent(self.address, root, manifest, count, block, 0, _hash(block))
            self._ledger.events.append(event)
            return TxReceipt(_hash(block), block, 52_000, ())
        assert function == "retract", "authors send nothing else"
        (record_id,) = arguments
        if (self.address, record_id) in state.retracted:
            raise TransactionReverted("RecordAlreadyRetracted", (self.address, record_id))
        state.retracted.add((self.address, record_id))
        block = self._ledger.mined()
        return TxReceipt(_hash(block), block, 45_000, ())


def _covers(provision: Provision, purpose: str, record: RecordFacts, author: str) -> bool:
    most = provision.confidentiality
    return (
        _in(purpose, provision.purposes)
        and _in(record.category, provision.categories)
        and _in(author, provision.authors)
        and (most == ANY or "NRV".index(record.confidentiality) <= "NRV".index(most))
    )


def _in(value: str, allowed: tuple[str, ...]) -> bool:
    return value in allowed or ANY in allowed


def _said(permitted: bool) -> Reason:  # noqa: FBT001 - a rule's answer
    return Reason.Permitted if permitted else Reason.ProvisionMissing


def _hash(number: int) -> bytes:
    return keccak(number.to_bytes(8, "big"))

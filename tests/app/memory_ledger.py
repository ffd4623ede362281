"""A ledger of dictionaries, for tests of rules that need a chain to say one thing and then another.

It knows nothing of the contracts' rules: what `permits` answers is set, not computed. Latest and final block are
two states, so that a test can let them differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from consentry.domain.addresses import Address
from consentry.domain.grounds import Reason
from consentry.domain.ledger import (
    Anchor,
    Answer,
    Asker,
    AttributeChange,
    AuditClock,
    ChainHead,
    CommitteeInfo,
    ConsentState,
    ConsentStatus,
    ContractCall,
    Grant,
    MemberInfo,
    ReceiptsCommit,
    RecordFacts,
    StaffInfo,
    Views,
)
from consentry.domain.mandates import Mandate
from consentry.domain.openings import Opening
from consentry.domain.terms import Terms
from consentry.errors import ChainUnreachable, HistoryTooLong
from consentry.ports.chain_node import NodesSeen


@dataclass
class State:
    """What one block says. `reason` answers `permitsMany` and `permitsDirectory` for everybody, unless `reasons` has
    another for a record's id."""

    reason: Reason = Reason.Permitted
    reasons: dict[bytes, Reason] = field(default_factory=dict)
    staff: dict[str, StaffInfo] = field(default_factory=dict)
    active: set[str] = field(default_factory=set)
    keepers: set[str] = field(default_factory=set)
    acts_for: set[tuple[str, str]] = field(default_factory=set)
    anchors: dict[tuple[str, bytes], Anchor] = field(default_factory=dict)
    consents: dict[tuple[str, bytes], ConsentState] = field(default_factory=dict)
    mandates: dict[bytes, bytes] = field(default_factory=dict)
    retracted: set[tuple[str, bytes]] = field(default_factory=set)
    regulator: str = "0x" + "00" * 20


class MemoryLedger:
    """The part of the Ledger port that a keeper uses. `down` makes every question fail as a dead node does."""

    def __init__(self, chain_id: int, addresses: dict[str, str]) -> None:
        self.chain_id = chain_id
        self.latest = State()
        self.final = self.latest
        self.head_at = ChainHead(1, 0, bytes(32))
        self.down = False
        self.asked: list[ContractCall[Any]] = []
        self.askers: list[Asker] = []
        self.committees: dict[int, CommitteeInfo] = {}
        self.by_name: dict[str, MemberInfo] = {}
        self.changes: dict[str, list[AttributeChange]] = {}
        self.walked: list[str] = []
        self.flooded: set[str] = set()
        self.unfinal: set[str] = set()
        self.unfinal_versions = 0
        self.commits: list[ReceiptsCommit] = []
        self.clock: AuditClock | None = None
        self.attested: list[int] = []
        self._addresses = addresses
        self._views: dict[tuple[str, bytes], Callable[[State], Any]] = {}

    def address_of(self, contract: str) -> str:
        return self._addresses[contract]

    def nodes(self) -> NodesSeen:
        return NodesSeen(1, 1, 1, disputed=False)

    def head(self) -> ChainHead:
        self._require_up()
        return self.head_at

    def evaluate_both(self, calls: Sequence[ContractCall[Any]]) -> Views[Any]:
        self._require_up()
        self.asked += calls
        views = [self._views[call.contract, call.data] for call in calls]
        return Views(
            self.head_at,
            tuple(Answer(view(self.latest)) for view in views),
            tuple(Answer(view(self.final)) for view in views),
        )

    def permit_many_call(
        self,
        grant: Grant,
        terms: Terms,
        asker: Asker,
        records: Sequence[RecordFacts],
        mandate: Mandate | None = None,
    ) -> ContractCall[tuple[Reason, ...]]:
        self.askers.append(asker)

        def view(state: State) -> tuple[Reason, ...]:
            return tuple(state.reasons.get(one.record_id, state.reason) for one in records)

        return self._call("permitsMany", (grant, asker, tuple(records)), view)

    def permit_directory_call(
        self, grant: Grant, terms: Terms, asker: Asker, category: str, mandate: Mandate | None = None
    ) -> ContractCall[Reason]:
        self.askers.append(asker)
        return self._call("permitsDirectory", (grant, asker, category), lambda state: state.reason)

    def permit_opening_many_call(
        self, opening: Opening, asker: Asker, records: Sequence[RecordFacts]
    ) -> ContractCall[tuple[Reason, ...]]:
        self.askers.append(asker)

        def view(state: State) -> tuple[Reason, ...]:
            return tuple(state.reasons.get(one.record_id, state.reason) for one in records)

        return self._call("openingPermitsMany", (opening, asker, tuple(records)), view)

    def permit_opening_directory_call(
        self, opening: Opening, asker: Asker, category: str
    ) -> ContractCall[Reason]:
        self.askers.append(asker)
        return self._call("openingPermitsDirectory", (opening, asker, category), lambda state: state.reason)

    def anchor_call(self, author: str, root: bytes) -> ContractCall[Anchor | None]:
        return self._call("anchorOf", (author, root), lambda state: state.anchors.get((author, root)))

    def retracted_call(self, author: str, record_id: bytes) -> ContractCall[bool]:
        return self._call(
            "isRetracted", (author, record_id), lambda state: (author, record_id) in state.retracted
        )

    def acting_for_call(self, account: str) -> ContractCall[Address | None]:
        return self._call(
            "actorOf", (account,), lambda state: Address(account) if account in state.active else None
        )

    def acts_for_call(self, patient: str, account: str) -> ContractCall[bool]:
        return self._call("actsFor", (patient, account), lambda state: (patient, account) in state.acts_for)

    def consent_call(self, patient: str, consent_id: bytes) -> ContractCall[ConsentState]:
        unknown = ConsentState(ConsentStatus.Unknown, 0, 0, 0)
        key = (patient, consent_id)
        return self._call("consentOf", key, lambda state: state.consents.get(key, unknown))

    def mandate_of_call(self, consent_id: bytes) -> ContractCall[bytes | None]:
        return self._call("mandateOf", (consent_id,), lambda state: state.mandates.get(consent_id))

    def controller_call(self, identity: str) -> ContractCall[Address]:
        return self._call("identityOwner", (identity,), lambda state: Address(identity))

    def acts_for(self, patient: str, account: str) -> bool:
        self._require_up()
        return (patient, account) in self.latest.acts_for

    def wallet_accepts(self, wallet: str, digest: bytes, signature: bytes) -> bool:
        self._require_up()
        return False

    def staff_call(self, account: str) -> ContractCall[StaffInfo | None]:
        return self._call("staffOf", (account,), lambda state: state.staff.get(account))

    def active_call(self, member: str) -> ContractCall[bool]:
        return self._call("isActive", (member,), lambda state: member in state.active)

    def keeper_call(self, account: str) -> ContractCall[bool]:
        return self._call("isKeeper", (account,), lambda state: account in state.keepers)

    def committee_version_call(self) -> ContractCall[int]:
        """On the final block without those that are `unfinal_versions`."""

        def view(state: State) -> int:
            hidden = self.unfinal_versions if state is self.final else 0
            return max(self.committees, default=0) - hidden

        return self._call("currentVersion", (), view)

    def regulator_call(self) -> ContractCall[str]:
        return self._call("regulatorOf", (), lambda state: state.regulator)

    def changed_call(self, identity: str) -> ContractCall[int]:
        """The block of the newest change; on the final block none yet for who is `unfinal`."""

        def view(state: State) -> int:
            known = identity not in self.unfinal or state is not self.final
            return self._changed(identity) if known else 0

        return self._call("changed", (identity,), view)

    def member_by_name(self, name: str) -> MemberInfo | None:
        self._require_up()
        return self.by_name.get(name)

    def member(self, address: str) -> MemberInfo | None:
        self._require_up()
        return next((one for one in self.by_name.values() if one.address == address), None)

    def committee(self, version: int | None = None) -> CommitteeInfo | None:
        self._require_up()
        return self.committees.get(max(self.committees, default=0) if version is None else version)

    def attributes(self, identity: str, name: str, changed: int | None = None) -> tuple[AttributeChange, ...]:
        self._require_up()
        self.walked.append(identity)
        if identity in self.flooded:
            raise HistoryTooLong()
        until = self._changed(identity) if changed is None else changed
        return tuple(one for one in self.changes.get(identity, ()) if one.name == name and one.block <= until)

    def next_seq_of(self, keeper: str) -> int:
        self._require_up()
        return max((one.first_seq + one.count for one in self.commits if one.keeper == keeper), default=0)

    def audit_clock(self, keeper: str) -> AuditClock | None:
        self._require_up()
        return self.clock

    def receipts_commit(self, keeper: str, root: bytes) -> ReceiptsCommit | None:
        return next((one for one in self.commits if (one.keeper, one.root) == (keeper, root)), None)

    def receipts_commit_in(self, transaction: bytes) -> tuple[ReceiptsCommit, ...]:
        return tuple(one for one in self.commits if one.transaction == transaction)

    def receipts_commit_of_seq(self, keeper: str, seq: int) -> ReceiptsCommit | None:
        return next(
            (
                one
                for one in self.commits
                if one.keeper == keeper and one.first_seq <= seq < one.first_seq + one.count
            ),
            None,
        )

    def _changed(self, identity: str) -> int:
        return max((one.block for one in self.changes.get(identity, ())), default=0)

    def _call(
        self, function: str, arguments: tuple[Any, ...], view: Callable[[State], Any]
    ) -> ContractCall[Any]:
        data = repr(arguments).encode()
        self._views[function, data] = view
        return ContractCall(function, (data,), lambda raw: raw)

    def _require_up(self) -> None:
        if self.down:
            raise ChainUnreachable("the memory ledger is switched off")

"""What the chain says, as values (design §3, §5).

Addresses are `0x` and 40 lower-case hex digits, digests 32 bytes, times seconds since the epoch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, NamedTuple, TypeVar, cast

from consentry.domain.addresses import ZERO
from consentry.errors import ConsentryError

T_co = TypeVar("T_co", covariant=True)


class MemberStatus(IntEnum):
    Unknown = 0
    Active = 1
    Suspended = 2
    Expelled = 3


class ConsentStatus(IntEnum):
    Unknown = 0
    Granted = 1
    Revoked = 2


class Chamber(IntEnum):
    Institutions = 0
    EthicsBoard = 1
    PatientsCouncil = 2


@dataclass(frozen=True)
class ChainHead:
    number: int
    timestamp: int
    hash: bytes


@dataclass(frozen=True)
class MemberInfo:
    """A member; `directory_keys` are its X25519 keys (32 bytes), oldest first, all still used by readers."""

    address: str
    name: str
    kind: str
    status: MemberStatus
    admitted_at: int
    directory_keys: tuple[bytes, ...]


@dataclass(frozen=True)
class StaffInfo:
    account: str
    member: str
    role: str
    department: str
    licence_end_at: int


@dataclass(frozen=True)
class Ceiling:
    """What a role may see at most: 0 nothing, 1 N, 2 R, 3 V; of the own department, in its current episode alone."""

    confidentiality: int
    own_department_only: bool
    current_episode_only: bool


@dataclass(frozen=True)
class KeeperInfo:
    """A seat of a committee; `sealing_key` is the X-Wing public key (1,216 bytes)."""

    seat: int
    account: str
    member: str
    chamber: Chamber
    url: str
    sealing_key: bytes


@dataclass(frozen=True)
class CommitteeInfo:
    """A version's keepers by seat. `former`: who had a seat before whoever holds it now (K-30); none as published."""

    version: int
    threshold: int
    keepers: tuple[KeeperInfo, ...]
    former: tuple[KeeperInfo, ...] = ()


@dataclass(frozen=True)
class AuditClock:
    """Until when a keeper has to speak: `heard_at` + `commit_within`; `now` is the block's time. All in seconds."""

    now: int
    heard_at: int
    commit_within: int


@dataclass(frozen=True)
class Anchor:
    anchored_at: int
    count: int


class AnchorEvent(NamedTuple):
    """One `RecordsAnchored` log, with the place that orders it. A tuple, as an index that begins reads hundreds of thousands."""

    author: str
    root: bytes
    manifest_digest: bytes
    count: int  # type: ignore[assignment]  # tuples have a method of this name
    block: int
    log_index: int
    transaction: bytes


@dataclass(frozen=True)
class AnchorSpan:
    """All anchors of the blocks up to `through`, since the span before, in chain order, and that block's hash."""

    through: int
    block_hash: bytes
    anchors: tuple[AnchorEvent, ...]


@dataclass(frozen=True)
class AttributeChange:
    """One `DIDAttributeChanged` log (ERC-1056); in force until `valid_to`."""

    name: str
    value: bytes
    valid_to: int
    block: int
    log_index: int


@dataclass(frozen=True)
class ReceiptsCommit:
    """One `ReceiptsCommitted` log: `root` covers receipts `first_seq … first_seq + count - 1`."""

    keeper: str
    root: bytes
    first_seq: int
    count: int
    block: int
    transaction: bytes


@dataclass(frozen=True)
class ConsentState:
    status: ConsentStatus
    valid_from: int
    valid_until: int
    changed_at: int


@dataclass(frozen=True)
class Grant:
    """What a transaction says of a consent (`IConsentRegistry.Grant`)."""

    patient: str
    terms_hash: bytes
    valid_from: int
    valid_until: int
    relay_before: int


@dataclass(frozen=True)
class Asker:
    """Who asks (`IConsentRegistry.Asker`); a system account as `signer` asserts the `actor`.

    `episode_by` asserted, verified by signature, that the patient is in a current episode in `episode_department`; else
    zero and empty.
    """

    actor: str
    signer: str
    purpose: str
    at: int
    episode_by: str = ZERO
    episode_department: str = ""


@dataclass(frozen=True)
class RecordFacts:
    """What the rule needs of a header (`IConsentRegistry.RecordFacts`); `date` is `YYYY-MM-DDThh:mm:ssZ`."""

    record_id: bytes
    author: str
    category: str
    level: int
    confidentiality: str
    department: str
    date: str


@dataclass(frozen=True)
class ContractCall(Generic[T_co]):
    """An encoded view call and how its answer is read; built by a Ledger's `…_call` methods, reusable.

    The calldata is kept in `parts`, so that calls about the same long terms share them in memory.
    """

    contract: str
    parts: tuple[bytes, ...]
    decode: Callable[[bytes], T_co]

    @property
    def data(self) -> bytes:
        """The calldata."""
        return b"".join(self.parts)


@dataclass(frozen=True)
class Answer(Generic[T_co]):
    """The answer to one call of a batch; `get()` raises the call's own failure, never taken for a value."""

    value: T_co | None = None
    error: ConsentryError | None = None

    def get(self) -> T_co:
        if self.error is not None:
            raise self.error
        return cast(T_co, self.value)


@dataclass(frozen=True)
class Views(Generic[T_co]):
    """The same calls on the latest and on the final block (design §4), with the head they were asked at."""

    head: ChainHead
    latest: tuple[Answer[T_co], ...]
    final: tuple[Answer[T_co], ...]


@dataclass(frozen=True)
class EventLog:
    """A decoded log of one of our contracts; `arguments` by name, addresses lower-case."""

    contract: str
    event: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class TxReceipt:
    hash: bytes
    block: int
    gas_used: int
    logs: tuple[EventLog, ...]

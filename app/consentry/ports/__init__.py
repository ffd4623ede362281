"""What the services need from the outside world, as Protocols (design §9).

Adapters live in chain/, storage/, index/, remote/ and keeper/. What the chain says are values of `domain.ledger`; other values
that cross stand beside their Protocol in this package.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from consentry.domain.ledger import (
    Anchor,
    AnchorEvent,
    AnchorSpan,
    Answer,
    AttributeChange,
    AuditClock,
    Ceiling,
    ChainHead,
    CommitteeInfo,
    ConsentState,
    ContractCall,
    KeeperInfo,
    MemberInfo,
    ReceiptsCommit,
    StaffInfo,
    TxReceipt,
    Views,
)
from consentry.domain.standings import EndedStanding
from consentry.ports.blob_store import BlobStore as BlobStore
from consentry.ports.blob_store import StoredBlob as StoredBlob
from consentry.ports.blob_store import StoreHealth as StoreHealth
from consentry.ports.blob_store import Swept as Swept
from consentry.ports.chain_node import NodesSeen
from consentry.ports.index_values import EntryRow, IndexGaps, IndexStatus
from consentry.ports.keeper_values import Asked, OpenShare, SignedAcknowledgement, SignedAsk
from consentry.ports.ledger_calls import LedgerCalls
from consentry.ports.sendings import Sending

if TYPE_CHECKING:
    from consentry.domain.merkle import Proof
    from consentry.domain.revocation import SignedRevocation

T = TypeVar("T")


class Clock(Protocol):
    def now(self) -> int:
        """Seconds since the epoch (UTC)."""


class Ledger(LedgerCalls, Protocol):
    """The chain as a process sees it through its own node.

    Every method raises ChainUnreachable (no answer in time), ChainWrong (another chain, or no contract where
    the deployment names one) and nothing else, unless it says so.
    """

    @property
    def chain_id(self) -> int: ...

    def address_of(self, contract: str) -> str:
        """Where the deployment put the contract of this name."""

    def head(self) -> ChainHead:
        """The newest block (asked now, never cached)."""

    def nodes(self) -> NodesSeen:
        """The nodes that this ledger may ask, as they were last seen; asks nothing."""

    def for_one_read(self, since: float) -> Ledger:
        """This ledger at the head (seen after `since`, in monotonic seconds, or asked for now): what was answered at that block
        is not asked again. Not for authority."""

    def for_strangers(self) -> Ledger:
        """This ledger for what anybody can ask for: through an endpoint in strangers' turns, as it was followed last (H-95)."""

    def evaluate(
        self, calls: Sequence[ContractCall[T]], block: Literal["latest", "final"] = "latest"
    ) -> tuple[Answer[T], ...]:
        """The answers to all calls, in order.

        Calls go to the node in batches of bounded size; each batch is one round trip. `final` may be one block for all;
        `latest` is the node's newest block when it works on a call, so that two answers may be of two blocks.
        """

    def evaluate_both(self, calls: Sequence[ContractCall[T]]) -> Views[T]:
        """The same calls on the latest and the final block, as `evaluate` asks them, with the head found on the way."""

    def anchor_of(self, author: str, root: bytes) -> Anchor | None: ...

    def consent_of(self, patient: str, consent_id: bytes) -> ConsentState: ...

    def acts_for(self, patient: str, account: str) -> bool: ...

    def wallet_accepts(self, wallet: str, digest: bytes, signature: bytes) -> bool:
        """Whether this wallet contract calls the signature over the digest (32 bytes) its own (ERC-1271)."""

    def identity_owner(self, identity: str) -> str: ...

    def identity_nonce(self, identity: str) -> int: ...

    def attributes(self, identity: str, name: str, changed: int | None = None) -> tuple[AttributeChange, ...]:
        """Every change of the attribute, newest last, walked back from `changed` (ERC-1056), asked anew if not given.

        Raises HistoryTooLong.
        """

    def latest_attribute(self, identity: str, name: str) -> AttributeChange | None:
        """The newest change of the attribute; the walk stops there."""

    def members(self) -> tuple[MemberInfo, ...]: ...

    def member(self, address: str) -> MemberInfo | None: ...

    def member_by_name(self, name: str) -> MemberInfo | None: ...

    def staff(self, account: str) -> StaffInfo | None: ...

    def ceiling(self, role: str) -> Ceiling:
        """What the consortium lets a role see at most; an unknown role sees nothing."""

    def committee(self, version: int | None = None) -> CommitteeInfo | None:
        """The committee of a version (kept once final), or the current one; None if there is none."""

    def anchors(self, first_block: int, last_block: int) -> Iterator[AnchorEvent]:
        """RecordsAnchored in chain order, both ends inclusive, fetched in bounded ranges."""

    def anchor_spans(self, first_block: int, head: ChainHead) -> Iterator[AnchorSpan]:
        """All anchors from `first_block` up to `head`, about a thousand at a time, each span only while `head` is on the chain:
        it ends before the first one that may be of another branch."""

    def anchors_after(self, last: int, to: int) -> tuple[bytes | None, tuple[AnchorEvent, ...], bytes | None]:
        """Hash of block `last`, anchors of the few blocks after it up to `to`, hash of `to`, asked for last. A hash is None where
        there is no such block; both are where the node refuses so many anchors at once, which `anchors` still fetches."""

    def next_seq_of(self, keeper: str) -> int: ...

    def audit_clock(self, keeper: str) -> AuditClock | None:
        """None for an account that holds no seat now, or whose member is not active."""

    def receipts_commit(self, keeper: str, root: bytes) -> ReceiptsCommit | None:
        """The commit of this root by this keeper."""

    def receipts_commit_in(self, transaction: bytes) -> tuple[ReceiptsCommit, ...]:
        """The commits that this transaction made; none while it is unknown or not mined."""

    def receipts_commit_of_seq(self, keeper: str, seq: int) -> ReceiptsCommit | None:
        """The commit whose range holds this sequence number."""

    def ended_standings(self, identity: str, now: int) -> tuple[EndedStanding, ...]:
        """Controllers that were replaced and representatives that were revoked or have ended, newest first; a controller's
        recovery ends representatives without a trace of their own. Raises HistoryTooLong."""

    def block(self, number: int) -> ChainHead | None:
        """A block's place, time and hash, or None past the head."""

    def block_hash(self, number: int) -> bytes | None:
        """The hash of a block, or None past the head."""


class Sender(Protocol):
    """One account that sends transactions.

    Raises TransactionReverted, ChainUnreachable, ChainStale (not mined in time: the diagnostics name the
    transaction, which may still be mined: the same call joins it), StoreUnreachable.
    """

    @property
    def address(self) -> str: ...

    def check(self, contract: str, function: str, *arguments: Any) -> None:
        """Estimate only: raise what `transact` would raise now, and send nothing."""

    def transact(self, contract: str, function: str, *arguments: Any) -> TxReceipt:
        """Estimate, sign, send and wait until mined. Repeating is the caller's decision."""

    def under_way(self) -> Sequence[Sending]:
        """What was begun and is not final yet, by nonce. Raises StoreUnreachable."""


class Index(Protocol):
    """What a gateway knows of every author's anchored manifests. A row never releases a key (design §4)."""

    def entries_by_tags(self, author: str, tags: Sequence[bytes]) -> Mapping[bytes, tuple[EntryRow, ...]]:
        """The author's rows under any of these tags; a tag without rows is absent.

        Of one tag at most ROWS_A_TAG + 1, the oldest: one more than a reader looks at says that there are others.
        """

    def proof_for(self, author: str, root: bytes, position: int) -> Proof:
        """The Merkle proof of a row. Raises ProofInvalid if this root was never indexed here."""

    def is_filed(self, cid: str) -> bool:
        """Whether this is an entry or a manifest that somebody anchored."""

    def gaps(self) -> IndexGaps:
        """What a reader has to know of it."""

    def status(self) -> IndexStatus:
        """Everything that an operator wants to know: counts all there is, which takes its time."""


class Keepers(Protocol):
    """The keepers of a committee, asked in parallel."""

    def ask(self, ask: SignedAsk, committee: CommitteeInfo, open_share: OpenShare) -> Asked:
        """Return as soon as every item is settled; bounded in time and size whatever keepers do.

        Raises NoGround when every item is withheld; KeepersInsufficient, naming who failed and why, when no
        item opened and some are short; and what keepers agree is wrong with the request (RequestStale, …).
        """

    def receipts(self, keeper: KeeperInfo, request: bytes, signature: bytes) -> Mapping[str, Any]:
        """A keeper's answer to a query for receipts, as its JSON object: one page, sealed (L-21).
        Raises KeeperUnreachable, KeeperMisbehaved, or what the keeper answered.
        """

    def feed(self, keeper: KeeperInfo, request: bytes, signature: bytes) -> Mapping[str, Any]:
        """A keeper's answer to a feed query, as its JSON object: one page, sealed (A-10). Raises as `receipts` does."""

    def end_session(self, keeper: KeeperInfo, request: bytes, signature: bytes) -> None:
        """Tell a keeper that a session has ended (K-26), by the session's key or the account's wallet.
        Raises KeeperUnreachable, KeeperMisbehaved, or what the keeper answered.
        """

    def revoke(self, keeper: KeeperInfo, revocation: SignedRevocation) -> SignedAcknowledgement:
        """Show a keeper a signed revocation (K-17); what it answers is not checked yet.
        Raises KeeperUnreachable, KeeperMisbehaved, or what the keeper answered.
        """

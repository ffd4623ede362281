"""What a gateway does when an author orders a record's entries to be erased (specification X-3).

The order's signature says whose it is, the chain that the record was retracted, the own index which blocks that author filed
first under the digest of this very record. Anything else stays: nobody deletes what is not its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from consentry.crypto.signatures import recover
from consentry.domain.addresses import Address
from consentry.domain.entries import ENC_BYTES, MAX_SEALED_ENTRY_BYTES, PADDING
from consentry.domain.erasure import ErasureCertificate, ErasureOrder, OrderedEntry
from consentry.errors import (
    BlobCorrupt,
    BlobMissing,
    BlobTooLarge,
    ChainWrong,
    ErasureRefused,
    SignatureInvalid,
)
from consentry.ports import BlobStore, Clock, Ledger
from consentry.ports.erasures import ErasedEntries, SignedCertificate, SignedOrder
from consentry.services.pace import Pace

_TAG_BYTES = 16
_NOT_THE_AUTHORS = "the order was signed by another account than the author's"


class EntryOwners(Protocol):
    """What the index knows of entries by their CID."""

    def owners_of(self, entries: Sequence[str]) -> Mapping[str, tuple[str, bytes]]:
        """Who anchored a row with this CID first, and that row's record digest: whoever copies it later owns nothing."""

    def erase(self, entries: Sequence[str]) -> None:
        """From now on rows with these CIDs, whoever anchored them, hold a place and nothing else."""


@dataclass(frozen=True)
class ObeyPorts:
    """`member`: whose gateway this is; `sign` signs a 32-byte digest with its account. `strangers`: the ledger for whoever
    may be none of the members'."""

    ledger: Ledger
    strangers: Ledger
    store: BlobStore
    index: EntryOwners
    pace: Pace
    erased: ErasedEntries
    clock: Clock
    member: Address
    sign: Callable[[bytes], bytes] = field(repr=False)


def obey(signed: SignedOrder, ports: ObeyPorts) -> SignedCertificate:
    """Erase what the order names and this store has. Doing it again deletes nothing more, and certifies again.

    Raises LayoutInvalid, ChainWrong, SignatureInvalid, RateLimited, ErasureRefused; StoreUnreachable (ContentStillKept: a node
    did not unpin), ChainUnreachable.
    """
    order = ErasureOrder.parse(signed.raw)
    _authorised(order, signed.signature, ports)
    owners = ports.index.owners_of(order.cids)
    own = [one.cid for one in order.entries if _is_own(one, order, owners, ports)]
    ports.erased.obeyed(own, signed)
    ports.index.erase(own)
    deleted = [cid for cid in own if ports.store.has(cid)]
    for cid in own:
        # Also what is not here: other nodes of a swarm may keep it, which an earlier try did not reach.
        ports.store.delete(cid)
    certificate = ErasureCertificate(
        absent=tuple(cid for cid in order.cids if cid not in deleted and (cid in own or cid not in owners)),
        author=order.author,
        chain_id=order.chain_id,
        deleted=tuple(deleted),
        kept=tuple(cid for cid in order.cids if cid in owners and cid not in own),
        member=ports.member,
        order=order.digest(),
        time=ports.clock.now(),
    )
    return SignedCertificate(certificate.raw, ports.sign(certificate.digest()))


def _authorised(order: ErasureOrder, signature: bytes, ports: ObeyPorts) -> None:
    """By the chain alone, on the latest and on the final block. Whoever acts for no member is told so in strangers' turns."""
    ledger = ports.ledger
    if order.chain_id != ledger.chain_id:
        raise ChainWrong("the order is for another chain")
    signer = recover(order.digest(), signature)
    ports.pace.take(signer)
    (acting,) = ports.strangers.evaluate([ledger.acting_for_call(signer)])
    if acting.get() != order.author:
        raise SignatureInvalid(_NOT_THE_AUTHORS)
    views = ledger.evaluate_both(
        [ledger.acting_for_call(signer), ledger.retracted_call(order.author, order.record_id)]
    )
    if {views.latest[0].get(), views.final[0].get()} != {order.author}:
        raise SignatureInvalid(_NOT_THE_AUTHORS)
    if not (views.latest[1].get() and views.final[1].get()):
        raise ErasureRefused("the record is not retracted")


def _is_own(
    entry: OrderedEntry, order: ErasureOrder, owners: Mapping[str, tuple[str, bytes]], ports: ObeyPorts
) -> bool:
    """Whether it is an entry of this very record, filed by its author before anybody else."""
    if owners.get(entry.cid) != (order.author, order.digest_of(entry)):
        return False
    return not ports.erased.holds_content(entry.cid) and _may_be_entry(entry.cid, ports.store)


def _may_be_entry(cid: str, store: BlobStore) -> bool:
    """An entry is ciphertext of a size that entries have: never a document or a manifest, which are text."""
    if not store.has(cid):
        return True
    try:
        block = b"".join(store.get(cid, max_bytes=MAX_SEALED_ENTRY_BYTES))
    except BlobTooLarge:
        return False
    except (BlobMissing, BlobCorrupt):
        return True
    if len(block) % PADDING != (ENC_BYTES + _TAG_BYTES) % PADDING:
        return False
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False

"""What a gateway does when an author orders a record's entries to be erased (specification X-3).

The order's signature says whose it is, the chain that the record was retracted, the own index which entries are the author's.
A block that is anything else here, or another author's entry too, stays: nobody deletes what is not its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from consentry.crypto.signatures import recover
from consentry.domain.addresses import Address
from consentry.domain.entries import ENC_BYTES, MAX_SEALED_ENTRY_BYTES, PADDING
from consentry.domain.erasure import ErasureCertificate, ErasureOrder
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

_TAG_BYTES = 16


class EntryAuthors(Protocol):
    """What the index knows of entries by their CID."""

    def authors_of(self, entries: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """Who anchored a row with this CID."""

    def erase(self, author: str, entries: Sequence[str]) -> None:
        """From now on the author's rows with these CIDs hold a place and nothing else."""


@dataclass(frozen=True)
class ObeyPorts:
    """`member`: whose gateway this is; `sign` signs a 32-byte digest with its account."""

    ledger: Ledger
    store: BlobStore
    index: EntryAuthors
    erased: ErasedEntries
    clock: Clock
    member: Address
    sign: Callable[[bytes], bytes] = field(repr=False)


def obey(signed: SignedOrder, ports: ObeyPorts) -> SignedCertificate:
    """Erase what the order names and this store has. Doing it again deletes nothing more, and certifies again.

    Raises LayoutInvalid, ChainWrong, SignatureInvalid, ErasureRefused; StoreUnreachable, ChainUnreachable.
    """
    order = ErasureOrder.parse(signed.raw)
    _authorised(order, signed.signature, ports)
    authors = ports.index.authors_of(order.entries)
    own = [cid for cid in order.entries if _is_own_entry(cid, order.author, authors, ports)]
    # what was not indexed here yet is remembered too, or it would be fetched from somebody later
    ports.erased.obeyed(order.author, [*own, *(cid for cid in order.entries if cid not in authors)], signed)
    ports.index.erase(order.author, own)
    deleted = []
    for cid in own:
        if ports.store.has(cid):
            ports.store.delete(cid)
            deleted.append(cid)
    certificate = ErasureCertificate(
        absent=tuple(cid for cid in order.entries if cid not in deleted),
        author=order.author,
        chain_id=order.chain_id,
        deleted=tuple(deleted),
        member=ports.member,
        order=order.digest(),
        time=ports.clock.now(),
    )
    return SignedCertificate(certificate.raw, ports.sign(certificate.digest()))


def _authorised(order: ErasureOrder, signature: bytes, ports: ObeyPorts) -> None:
    """By the chain alone, on the latest and on the final block."""
    ledger = ports.ledger
    if order.chain_id != ledger.chain_id:
        raise ChainWrong("the order is for another chain")
    signer = recover(order.digest(), signature)
    views = ledger.evaluate_both(
        [ledger.acting_for_call(signer), ledger.retracted_call(order.author, order.record_id)]
    )
    if views.latest[0].get() != order.author:
        raise SignatureInvalid("the order was signed by another account than the author's")
    if not (views.latest[1].get() and views.final[1].get()):
        raise ErasureRefused("the record is not retracted")


def _is_own_entry(cid: str, author: Address, authors: Mapping[str, frozenset[str]], ports: ObeyPorts) -> bool:
    """Raises ErasureRefused for what is somebody else's too, or no entry at all."""
    filed_by = authors.get(cid, frozenset())
    if author not in filed_by:
        return False
    if len(filed_by) > 1 or ports.erased.holds_content(cid) or not _may_be_entry(cid, ports.store):
        raise ErasureRefused("one of the blocks is not this author's entry alone")
    return True


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

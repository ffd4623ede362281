"""Anchoring what was filed, in batches (specification R-1, D-3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from consentry.domain.entries import MAX_ROWS, Manifest, Row
from consentry.ports.publications import Publication
from consentry.services.publish_ports import Author, PublishPorts


@dataclass(frozen=True)
class Anchored:
    """`root`, `transaction` and `block` are those of the last batch that held what was asked for; None when nothing new of it
    was anchored. Gas over all batches."""

    root: bytes | None = None
    transaction: bytes | None = None
    gas_used: int = 0
    block: int | None = None


def anchor_unfinished(own: Collection[bytes], author: Author, ports: PublishPorts) -> Anchored:
    """Anchor everything of this author that is not on chain yet, whatever left it, since a reader who meets too many
    positions without an entry looks no further (D-3); `own` are the contents whose batch the answer names. Only while
    `Publications.exclusive`.

    Raises StoreUnreachable, ChainUnreachable, TransactionReverted.
    """
    unfinished = ports.publications.unfinished()
    left = dict.fromkeys(one.root for one in unfinished if one.root is not None)
    waiting = [one for one in unfinished if one.root is None]
    batches = [ports.publications.of_root(root) for root in left]
    batches += [_unordered(waiting[start : start + MAX_ROWS]) for start in range(0, len(waiting), MAX_ROWS)]
    root, transaction, gas_used, block = None, None, 0, None
    for batch in batches:
        manifest = Manifest(author.address, tuple(Row(one.tag, one.entry_cid, one.digest) for one in batch))
        stored = ports.store.put([manifest.to_bytes()])
        batch_root, sent, sent_in = manifest.root(), None, None
        ports.news.anchoring(stored.sha256, batch_root, manifest)
        ports.publications.batch([one.content_id for one in batch], batch_root, stored.sha256)
        # nobody can have anchored what was ordered here a moment ago
        if batch_root not in left or ports.ledger.anchor_of(author.address, batch_root) is None:
            receipt = ports.sender.transact("RecordRegistry", "anchor", batch_root, stored.sha256, len(batch))
            sent, sent_in = receipt.hash, receipt.block
            gas_used += receipt.gas_used
        ports.publications.anchored(batch_root, sent)
        if any(one.content_id in own for one in batch):
            root, transaction, block = batch_root, sent, sent_in
    return Anchored(root, transaction, gas_used, block)


def _unordered(batch: Sequence[Publication]) -> tuple[Publication, ...]:
    """In the order of their tags, which is as good as chance: the order in which records were split would tell which of them
    has the earlier date or category (D-19)."""
    return tuple(sorted(batch, key=lambda one: one.tag))

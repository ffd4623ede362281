"""Publishing: FHIR in, sealed records out, one anchor for the batch (design §4 Write, specification G-1, D-3, R-1).

Everything before the anchor can be repeated: contents are recognised by a keyed hash, positions in a channel are taken in the
transaction that notes what is filed there, and the batch is noted before its transaction is sent. An entry that was stored
under a position by an attempt that failed was never anchored, so that the position is free.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from consentry.crypto import envelope
from consentry.crypto.directory_keys import author_channel, seal_entry
from consentry.crypto.sealing import seal_copy, seal_record_key
from consentry.domain import times
from consentry.domain.addresses import Address, to_bytes
from consentry.domain.entries import MAX_ROWS, Entry, Manifest, Row
from consentry.domain.headers import SUITE, Header
from consentry.domain.ledger import CommitteeInfo
from consentry.errors import KeepersInsufficient
from consentry.fhir.split import RecordDraft, split
from consentry.fhir.validate import ValidBundle
from consentry.ports import BlobStore, Clock, Index, Ledger, Sender
from consentry.ports.publications import Publication, Publications, State, Taken
from consentry.services import directory as directories
from consentry.services.directory import Directory
from consentry.services.positions import Channel, open_channel


@dataclass(frozen=True)
class Author:
    """The member that publishes.

    `directory_key` is its private X25519 key, `copy_key` the public X-Wing key of its offline copy key, `content_key` the key of
    the hash that recognises contents.
    """

    address: Address
    directory_key: bytes
    copy_key: bytes
    content_key: bytes


@dataclass(frozen=True)
class PublishPorts:
    """`scan` brings the own index up to the chain's head, and says whether it got there in about a second."""

    ledger: Ledger
    store: BlobStore
    sender: Sender
    publications: Publications
    clock: Clock
    index: Index
    scan: Callable[[], bool]


@dataclass(frozen=True)
class PublishBundle:
    """A checked FHIR R4 Bundle about one patient."""

    patient: Address
    bundle: ValidBundle


@dataclass(frozen=True)
class PublishedRecord:
    """`created` is False when the same content had been published before."""

    record_id: bytes
    category: str
    confidentiality: str
    created: bool


@dataclass(frozen=True)
class Published:
    """`root`, `transaction` and `block` are those of the last batch; None when nothing new was anchored. Gas over all batches."""

    records: tuple[PublishedRecord, ...]
    root: bytes | None
    transaction: bytes | None
    gas_used: int
    block: int | None


def publish(command: PublishBundle, author: Author, ports: PublishPorts) -> Published:
    """Publish a bundle, or complete what an earlier attempt left.

    Raises the FHIR errors of `split`, DirectoryNotOpen, StoreUnreachable, ChainUnreachable, TransactionReverted.
    """
    with ports.publications.exclusive():
        return _publish(command, author, ports)


def _publish(command: PublishBundle, author: Author, ports: PublishPorts) -> Published:
    drafts = split(command.bundle, received_at=times.iso(ports.clock.now()))
    contents = [(_content_id(author, command.patient, draft), draft) for draft in drafts]
    known = ports.publications.find([content_id for content_id, _ in contents])
    fresh = [(content_id, draft) for content_id, draft in contents if content_id not in known]
    if fresh:
        directory = directories.current(ports.ledger, ports.store, command.patient)
        committee = ports.ledger.committee()
        if committee is None:
            raise KeepersInsufficient("no committee has been published on this chain")
        created, taken = _seal_all(fresh, command.patient, directory, committee, author, ports)
        ports.publications.store(created, taken)
        known |= {one.content_id: one for one in created}
    anchored = _anchor([known[content_id] for content_id, _ in contents], author, ports)
    new = {content_id for content_id, _ in fresh}
    records = tuple(
        PublishedRecord(known[content_id].record_id, draft.category, draft.confidentiality, content_id in new)
        for content_id, draft in contents
    )
    return Published(records, *anchored)


def seal_record(
    chunks: Iterable[bytes],
    draft: RecordDraft,
    patient: Address,
    committee: CommitteeInfo,
    author: Author,
    ledger: Ledger,
    store: BlobStore,
) -> Entry:
    """Encrypt a content stream into the store and seal its key: a record under a new random id, key and shares."""
    record_id, key = secrets.token_bytes(32), secrets.token_bytes(32)
    aead_key, commitment = envelope.derive(key, record_id, SUITE)
    blob = store.put(envelope.seal(chunks, aead_key))
    header = Header(
        record_id=record_id,
        patient=patient,
        author=author.address,
        category=draft.category,
        level=draft.level,
        confidentiality=draft.confidentiality,
        department=draft.department,
        date=draft.date,
        version=1,
        replaces=None,
        suite=SUITE,
        cid=blob.cid,
        ciphertext_digest=blob.sha256,
        key_commitment=commitment,
    )
    sealing, shares = seal_record_key(key, record_id, header.hash(), committee, ledger.chain_id)
    return Entry(header, sealing, shares, seal_copy(author.copy_key, record_id, key))


def _seal_all(
    fresh: Sequence[tuple[bytes, RecordDraft]],
    patient: Address,
    directory: Directory,
    committee: CommitteeInfo,
    author: Author,
    ports: PublishPorts,
) -> tuple[list[Publication], list[Taken]]:
    """Publications with their entries in the store, and the positions they would take: nothing is noted yet."""
    created = []
    ports.scan()  # what other databases of this author anchored shows where this one may file (D-11)
    places: dict[str, Channel] = {}
    for content_id, draft in fresh:
        entry = seal_record([draft.content], draft, patient, committee, author, ports.ledger, ports.store)
        category = entry.header.category
        if category not in places:
            secret = author_channel(author.directory_key, author.address, directory.document, category)
            places[category] = open_channel(
                secret, author.address, author.content_key, ports.publications, ports.index
            )
        place = places[category].next_tag()
        keys = directory.document.categories[category]
        sealed = seal_entry(entry, place, keys.entry_key, ports.ledger.chain_id)
        cid = ports.store.put([sealed]).cid
        created.append(
            Publication(content_id, entry.header.record_id, place, cid, entry.record_digest(), State.STORED)
        )
    return created, [one.taken() for one in places.values()]


def _anchor(
    publications: Sequence[Publication], author: Author, ports: PublishPorts
) -> tuple[bytes | None, bytes | None, int, int | None]:
    """Anchor what is not on chain yet; before it what any earlier attempt left, also with other contents, since a reader
    who meets too many positions without an entry looks no further (D-3)."""
    own = {one.content_id for one in publications}
    if all(one.state is State.ANCHORED for one in publications):
        return None, None, 0, None
    unfinished = ports.publications.unfinished()
    left = dict.fromkeys(one.root for one in unfinished if one.root is not None)
    waiting = [one for one in unfinished if one.root is None]
    batches = [ports.publications.of_root(root) for root in left]
    batches += [tuple(waiting[start : start + MAX_ROWS]) for start in range(0, len(waiting), MAX_ROWS)]
    root, transaction, gas_used, block = None, None, 0, None
    for batch in batches:
        manifest = Manifest(author.address, tuple(Row(one.tag, one.entry_cid, one.digest) for one in batch))
        stored = ports.store.put([manifest.to_bytes()])
        batch_root, sent, sent_in = manifest.root(), None, None
        ports.publications.batch([one.content_id for one in batch], batch_root, stored.sha256)
        if ports.ledger.anchor_of(author.address, batch_root) is None:
            receipt = ports.sender.transact("RecordRegistry", "anchor", batch_root, stored.sha256, len(batch))
            sent, sent_in = receipt.hash, receipt.block
            gas_used += receipt.gas_used
        ports.publications.anchored(batch_root, sent)
        if any(one.content_id in own for one in batch):
            root, transaction, block = batch_root, sent, sent_in
    return root, transaction, gas_used, block


def _content_id(author: Author, patient: Address, draft: RecordDraft) -> bytes:
    """What recognises a content: keyed, and different for each patient. The date is left out: it follows from the content, or
    is the hour of arrival, by which the same content would look new each time (G-1)."""
    header = f"{draft.category}|{draft.confidentiality}|{draft.department}|".encode()
    return hmac.digest(author.content_key, to_bytes(patient) + header + draft.content, "sha256")

"""Publishing: FHIR in, sealed records out, one anchor for the batch (design §4 Write, specification G-1, D-3, D-9, R-1).

Everything before the anchor can be repeated: contents are recognised by a keyed hash, positions in a channel are taken in the
transaction that notes what is filed there, and the batch is noted before its transaction is sent. An entry that was stored
under a position by an attempt that failed was never anchored, so that the position is free.

    content ── no directory ──> waiting ──┐ services.waiting, or published again
        └───── directory open ────────────┴──> stored ── batched ──> anchored
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from consentry.crypto import envelope
from consentry.crypto.sealing import seal_copy, seal_record_key
from consentry.crypto.waiting import open_waiting, seal_waiting
from consentry.domain import times
from consentry.domain.addresses import Address, to_bytes
from consentry.domain.entries import Entry
from consentry.domain.headers import SUITE, Header
from consentry.domain.ledger import CommitteeInfo
from consentry.errors import KeepersInsufficient
from consentry.fhir.split import RecordDraft, split
from consentry.fhir.validate import ValidBundle
from consentry.ports import BlobStore, Ledger
from consentry.ports.publications import State
from consentry.ports.waiting import WaitingRecord
from consentry.services.anchoring import Anchored, anchor_unfinished
from consentry.services.filing import file_entries, open_directory_of
from consentry.services.publish_ports import Author as Author
from consentry.services.publish_ports import PublishPorts as PublishPorts


@dataclass(frozen=True)
class PublishBundle:
    """A checked FHIR R4 Bundle about one patient."""

    patient: Address
    bundle: ValidBundle


@dataclass(frozen=True)
class PublishedRecord:
    """`created` is False when the same content had been taken before. `waiting`: it is kept until the patient's directory
    can be read, and then filed by itself."""

    record_id: bytes
    category: str
    confidentiality: str
    created: bool
    waiting: bool = False


@dataclass(frozen=True)
class Published:
    """`root`, `transaction` and `block` are those of the last batch; None when nothing new was anchored. Gas over all batches."""

    records: tuple[PublishedRecord, ...]
    root: bytes | None
    transaction: bytes | None
    gas_used: int
    block: int | None


def publish(command: PublishBundle, author: Author, ports: PublishPorts) -> Published:
    """Publish a bundle, or complete what an earlier attempt left; without a directory to file in, keep it (D-9).

    Raises the FHIR errors of `split`, StoreUnreachable, ChainUnreachable, TransactionReverted.
    """
    with ports.publications.exclusive():
        return _publish(command, author, ports)


def _publish(command: PublishBundle, author: Author, ports: PublishPorts) -> Published:
    drafts = split(command.bundle, received_at=times.iso(ports.clock.now()))
    contents = [(_content_id(author, command.patient, draft), draft) for draft in drafts]
    known = ports.publications.find([content_id for content_id, _ in contents])
    lacking = {content_id: draft for content_id, draft in contents if content_id not in known}
    waiting = ports.waiting.find(list(lacking))
    fresh = {content_id: draft for content_id, draft in lacking.items() if content_id not in waiting}
    record_ids = {one.content_id: one.record_id for one in known.values()}
    record_ids |= {one.content_id: one.record_id for one in waiting.values()}
    if lacking:
        directory = open_directory_of(command.patient, ports)
        made = _sealed(fresh, command.patient, author, ports)
        record_ids |= {content_id: entry.header.record_id for content_id, entry in made.items()}
        if directory is None:
            ports.waiting.keep(_kept(made, command.patient, author, ports.clock.now()))
        else:
            entries = [*_opened(waiting, author).items(), *made.items()]
            created, taken = file_entries(entries, directory, author, ports)
            ports.publications.store(created, taken)
            known |= {one.content_id: one for one in created}
    done = all(one.state is State.ANCHORED for one in known.values())
    anchored = Anchored() if done else anchor_unfinished(known.keys(), author, ports)
    records = tuple(
        PublishedRecord(
            record_ids[content_id],
            draft.category,
            draft.confidentiality,
            created=content_id in fresh,
            waiting=content_id not in known,
        )
        for content_id, draft in contents
    )
    return Published(records, anchored.root, anchored.transaction, anchored.gas_used, anchored.block)


def _sealed(
    drafts: Mapping[bytes, RecordDraft], patient: Address, author: Author, ports: PublishPorts
) -> dict[bytes, Entry]:
    """A new record of each content, its envelope in the store."""
    committee = ports.ledger.committee() if drafts else None
    if drafts and committee is None:
        raise KeepersInsufficient("no committee has been published on this chain")
    return {
        content_id: seal_record([draft.content], draft, patient, committee, author, ports.ledger, ports.store)
        for content_id, draft in drafts.items()
        if committee is not None
    }


def _kept(
    entries: Mapping[bytes, Entry], patient: Address, author: Author, now: int
) -> Sequence[WaitingRecord]:
    return [
        WaitingRecord(
            content_id=content_id,
            record_id=entry.header.record_id,
            patient=patient,
            sealed=seal_waiting(author.content_key, content_id, entry),
            since=now,
            next_at=now,
        )
        for content_id, entry in entries.items()
    ]


def _opened(waiting: Mapping[bytes, WaitingRecord], author: Author) -> dict[bytes, Entry]:
    return {
        content_id: open_waiting(author.content_key, content_id, one.sealed)
        for content_id, one in waiting.items()
    }


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


def _content_id(author: Author, patient: Address, draft: RecordDraft) -> bytes:
    """What recognises a content: keyed, and different for each patient. The date is left out: it follows from the content, or
    is the hour of arrival, by which the same content would look new each time (G-1)."""
    header = f"{draft.category}|{draft.confidentiality}|{draft.department}|".encode()
    return hmac.digest(author.content_key, to_bytes(patient) + header + draft.content, "sha256")

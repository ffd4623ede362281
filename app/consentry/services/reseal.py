"""Moving an author's own records to the current committee (specification K-35, design §7).

A record stays what it is: same id, same header, same ciphertext, so that consents, retractions and uses go on counting. Only
its key is split anew, sealed to today's keepers, and filed as a further entry in the patient's directory in force. The
record key comes from what the author kept, which its offline copy key alone opens.

    older version ── stored, position taken ── batched ── anchored        (the author's book; whoever comes next goes on)
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from consentry.crypto import envelope, hpke
from consentry.crypto.own_copy import OwnRecord, open_own
from consentry.crypto.sealing import seal_record_key
from consentry.domain.addresses import Address
from consentry.domain.entries import MAX_ROWS, Entry
from consentry.domain.ledger import CommitteeInfo
from consentry.errors import (
    ChainUnreachable,
    ChainWrong,
    ConsentryError,
    CopyKeyWrong,
    IntegrityError,
    KeepersInsufficient,
    LayoutInvalid,
    StoreUnreachable,
)
from consentry.ports.own_records import KeptRecord, OwnRecords, OwnSummary
from consentry.ports.publications import Publication, Taken
from consentry.services.anchoring import anchor_unfinished
from consentry.services.directory import Directory
from consentry.services.filing import file_entries, open_directory_of
from consentry.services.publish_ports import Author, PublishPorts

RECORDS_AT_ONCE = MAX_ROWS


@dataclass(frozen=True)
class ResealPorts:
    """What the author publishes with, and what it kept, of the same book."""

    publishing: PublishPorts
    own: OwnRecords


@dataclass(frozen=True)
class Survey:
    """How far the author's records are with the current committee."""

    version: int
    records: OwnSummary


@dataclass
class Resealed:
    """What one run did. `unfiled`: the patient has no directory that can be read; `unreadable`: what was kept does not open."""

    version: int
    moved: int = 0
    retracted: int = 0
    unfiled: int = 0
    unreadable: int = 0
    gas_used: int = 0


@dataclass(frozen=True)
class _Run:
    seed: bytes = field(repr=False)
    author: Author
    ports: ResealPorts
    committee: CommitteeInfo
    done: Resealed


def survey(ports: ResealPorts) -> Survey:
    """Raises KeepersInsufficient while there is no committee, StoreUnreachable, ChainUnreachable."""
    version = _committee(ports).version
    return Survey(version, ports.own.summary(version))


def reseal(
    seed: bytes, author: Author, ports: ResealPorts, told: Callable[[int], None] = lambda looked_at: None
) -> Resealed:
    """Move every record that can be moved, in batches; `seed` is the offline copy key's, `told` hears after each batch how
    many records were looked at. Stopped anywhere, the next run (or the gateway, for what was filed) goes on.

    Raises CopyKeyWrong, KeepersInsufficient, StoreUnreachable, ChainUnreachable, TransactionReverted.
    """
    if hpke.public_key(seed) != author.copy_key:
        raise CopyKeyWrong()
    committee = _committee(ports)
    run = _Run(seed, author, ports, committee, Resealed(committee.version))
    after, looked_at = b"", 0
    while True:
        batch = _batch(after, run)
        if not batch:
            return run.done
        after, looked_at = batch[-1].record_id, looked_at + len(batch)
        told(looked_at)


def _committee(ports: ResealPorts) -> CommitteeInfo:
    committee = ports.publishing.ledger.committee()
    if committee is None:
        raise KeepersInsufficient("no committee has been published on this chain")
    return committee


def _batch(after: bytes, run: _Run) -> Sequence[KeptRecord]:
    """Move the next records; gives those that were looked at. What any earlier attempt left is anchored before, so that
    positions are never anchored after later ones (D-3)."""
    ports, version = run.ports.publishing, run.committee.version
    with ports.publications.exclusive():
        run.done.gas_used += anchor_unfinished((), run.author, ports).gas_used
        batch = run.ports.own.older_than(version, after, RECORDS_AT_ONCE)
        fresh: list[Publication] = []
        taken: list[Taken] = []
        for patient, records in _by_patient(batch, run):
            directory = _directory(patient, ports)
            if directory is None:
                run.done.unfiled += len(records)
                continue
            entries = [(_content_id(one, run), _entry(one, run)) for one in records]
            filed = file_entries(entries, directory, run.author, ports)
            fresh += filed[0]
            taken += filed[1]
        run.ports.own.store_resealed(version, fresh, taken)
        run.done.gas_used += anchor_unfinished((), run.author, ports).gas_used
    run.done.moved += len(fresh)
    return batch


def _by_patient(batch: Sequence[KeptRecord], run: _Run) -> Iterator[tuple[Address, list[OwnRecord]]]:
    """What of it can be moved; the rest is counted."""
    ledger, author = run.ports.publishing.ledger, run.author.address
    answers = ledger.evaluate([ledger.retracted_call(author, one.record_id) for one in batch])
    opened = []
    for kept, answer in zip(batch, answers, strict=True):
        if answer.get():
            run.done.retracted += 1
            continue
        own = _opened(kept, run)
        if own is None:
            run.done.unreadable += 1
        else:
            opened.append(own)
    opened.sort(key=lambda one: one.header.patient)
    for patient, records in groupby(opened, key=lambda one: one.header.patient):
        yield patient, list(records)


def _opened(kept: KeptRecord, run: _Run) -> OwnRecord | None:
    """None for what is not this author's record, or a key that is not the one its header commits to: nobody could read it."""
    try:
        own = open_own(run.seed, run.ports.publishing.ledger.chain_id, kept.record_id, kept.sealed)
    except (IntegrityError, LayoutInvalid):
        return None
    header = own.header
    commitment = envelope.derive(own.key, header.record_id, header.suite).commitment
    good = hmac.compare_digest(commitment, header.key_commitment) and header.author == run.author.address
    return own if good else None


def _directory(patient: Address, ports: PublishPorts) -> Directory | None:
    """Whatever is wrong with one patient's identity holds up no other."""
    try:
        return open_directory_of(patient, ports)
    except (ChainUnreachable, ChainWrong, StoreUnreachable):
        raise
    except ConsentryError:
        return None


def _entry(own: OwnRecord, run: _Run) -> Entry:
    header, chain_id = own.header, run.ports.publishing.ledger.chain_id
    sealing, shares = seal_record_key(own.key, header.record_id, header.hash(), run.committee, chain_id)
    return Entry(header, sealing, shares, own.copy)


def _content_id(own: OwnRecord, run: _Run) -> bytes:
    """One entry of a record for each version."""
    version = run.committee.version.to_bytes(8, "big")
    return hmac.digest(run.author.content_key, b"reseal" + own.header.record_id + version, "sha256")

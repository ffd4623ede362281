"""Reading a patient's records under a ground, across hospitals (design §4 Read, specification G-3).

What the ground does not permit is simply absent. What is technically incomplete is said, in words that name no patient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from consentry.crypto import envelope
from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.headers import Header
from consentry.domain.requests import ConsentGround, RecordItem
from consentry.domain.terms import ANY, Consent, covers
from consentry.errors import BlobCorrupt, ConsentryError, KeyCommitmentMismatch, NoGround
from consentry.ports import BlobStore, Clock, Index, Keepers, Ledger
from consentry.services import directory as directories
from consentry.services.asking import Asking, ask, record_key, wanted_record
from consentry.services.discover import Found, Seeds, discover, fetch_seeds
from consentry.services.recent import Recent

MAX_RECORD_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class ReadPorts:
    """`scan` brings the own index up to the chain's head."""

    ledger: Ledger
    store: BlobStore
    index: Index
    keepers: Keepers
    clock: Clock
    scan: Callable[[], None]
    documents: directories.Documents = field(default_factory=lambda: Recent(256))


@dataclass(frozen=True)
class OpenedRecord:
    """A record in the clear: in memory only. `author_name` is the member's registered name."""

    header: Header
    author_name: str
    content: bytes


@dataclass(frozen=True)
class Reading:
    """What the ground gave; `incomplete` says in words what is technically missing, never what is withheld."""

    records: tuple[OpenedRecord, ...]
    incomplete: tuple[str, ...] = field(default_factory=tuple)


def read(asking: Asking, consent: Consent | None, ports: ReadPorts, seeds: Seeds | None = None) -> Reading:
    """Every record that the ground permits. `consent` is the ground's, or None for SELF.

    Raises NoGround when keepers release nothing at all to this actor, DirectoryNotOpen, KeepersInsufficient, ChainUnreachable.
    """
    held = Seeds() if seeds is None else seeds
    ports.scan()
    found_directories = directories.history(
        ports.ledger, ports.store, Address(asking.ground.patient), ports.documents
    )
    if not found_directories:
        raise NoGround()
    incomplete = fetch_seeds(
        asking, found_directories, _categories(consent), held, ports.ledger, ports.keepers, ports.clock
    )
    if not held.held and not incomplete:
        raise NoGround()
    discovery = discover(found_directories, held, ports.ledger, ports.index, ports.store)
    incomplete += discovery.incomplete
    if not ports.index.status().complete:
        incomplete.append("index-behind: the newest records may be missing")
    names = {member.address: member.name for member in ports.ledger.members()}
    chosen = _newest([one for one in discovery.found if _wanted(one, asking, consent, names)])
    records, problems = _open_all(asking, chosen, names, ports)
    return Reading(tuple(records), tuple(incomplete + problems))


def open_envelope(header: Header, key: bytes, store: BlobStore) -> Iterator[bytes]:
    """The plaintext of an envelope, chunk by chunk; the last chunk comes only if the whole matches the header's digest.

    Raises KeyCommitmentMismatch before anything is decrypted, BlobMissing, BlobCorrupt, EnvelopeCorrupt.
    """
    keys = envelope.derive(key, header.record_id, header.suite)
    if keys.commitment != header.key_commitment:
        raise KeyCommitmentMismatch()
    digest = sha256()

    def hashed() -> Iterator[bytes]:
        for chunk in store.get(header.cid, max_bytes=MAX_RECORD_BYTES):
            digest.update(chunk)
            yield chunk

    yield from envelope.open_(hashed(), keys.aead_key)
    if digest.digest() != header.ciphertext_digest:
        raise BlobCorrupt(f"content {header.cid} does not match the digest in its record's header")


def _open_all(
    asking: Asking, chosen: list[Found], names: dict[str, str], ports: ReadPorts
) -> tuple[list[OpenedRecord], list[str]]:
    if not chosen:
        return [], []
    items = [
        RecordItem(
            header=one.entry.header,
            sealing=one.entry.sealing,
            root=one.row.root,
            proof=ports.index.proof_for(one.row.author, one.row.root, one.row.position),
        )
        for one in chosen
    ]
    wanted = [wanted_record(item, one.entry) for item, one in zip(items, chosen, strict=True)]
    answers = ask(asking, wanted, ports.ledger, ports.keepers, ports.clock)
    records, problems = [], []
    for item, shares in zip(items, answers.shares, strict=True):
        if shares is None:
            continue
        header = item.header
        author = names.get(header.author, "a former member")
        try:
            content = b"".join(open_envelope(header, record_key(item, shares), ports.store))
        except ConsentryError as problem:
            problems.append(f"{problem.code}: a record of {author}: {problem.diagnostics}")
            continue
        records.append(OpenedRecord(header, author, content))
    if answers.incomplete:
        problems.append(
            f"keepers-insufficient: too few keepers answered for {len(answers.incomplete)} records"
        )
    return records, problems


def _categories(consent: Consent | None) -> tuple[Category, ...]:
    if consent is None:
        return tuple(Category)
    named = {name for provision in consent.terms.provisions for name in provision.categories}
    return tuple(one for one in Category if ANY in named or one in named)


def _wanted(found: Found, asking: Asking, consent: Consent | None, names: dict[str, str]) -> bool:
    """Only what the terms cover is asked for, so that a read leaves no refusals; keepers decide by the contract."""
    if not isinstance(asking.ground, ConsentGround) or consent is None:
        return True
    header = found.entry.header
    author = names.get(header.author, "")
    return any(covers(provision, asking.purpose, header, author) for provision in consent.terms.provisions)


def _newest(found: list[Found]) -> list[Found]:
    """Without records that a later version of the same author replaces; in order of date, then id."""
    replaced = {(one.entry.header.author, one.entry.header.replaces) for one in found}
    unique = {one.entry.header.record_id: one for one in found}
    kept = [
        one
        for one in unique.values()
        if (one.entry.header.author, one.entry.header.record_id) not in replaced
    ]
    return sorted(kept, key=lambda one: (one.entry.header.date, one.entry.header.record_id))

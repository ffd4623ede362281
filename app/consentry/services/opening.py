"""Opening the records that a ground gives: shares from keepers, ciphertext from the store, both checked (S-1 to S-3, G-3).

One answer holds so many bytes and no more, whatever authors filed: none takes another one's part of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from consentry.crypto import envelope
from consentry.domain.addresses import Address
from consentry.domain.headers import Header
from consentry.domain.requests import RecordItem
from consentry.errors import BlobCorrupt, BlobTooLarge, ConsentryError, KeyCommitmentMismatch
from consentry.ports import BlobStore
from consentry.ports.keeper_values import Served
from consentry.services.asking import record_key
from consentry.services.discover import Found

MAX_RECORD_BYTES = 256 * 1024 * 1024
MAX_READ_BYTES = 512 * 1024 * 1024
FORMER = "a former member"
Shares = Mapping[int, bytes]
Named = tuple[Address, bytes, bytes]
"""A record's author, its id, and the hash of its header."""


@dataclass(frozen=True)
class OpenedRecord:
    """A record in the clear: in memory only. `author_name` is the member's registered name; `document` is the record id of
    the first version of the same document (its own, unless the reader knows of others), `replaced` says that this version is
    not the newest. `root` is the one it was anchored under, at `anchored_at` (seconds), if that was asked; `served` names
    the keepers that gave shares, with their receipts."""

    header: Header
    author_name: str
    content: bytes
    document: bytes = b""
    replaced: bool = False
    root: bytes = b""
    anchored_at: int | None = None
    served: tuple[Served, ...] = ()

    @property
    def named(self) -> Named:
        return (self.header.author, self.header.record_id, self.header.hash())


@dataclass
class Given:
    """What one answer holds so far, under all its grounds; it takes `left` more bytes of content."""

    left: int = MAX_READ_BYTES
    records: dict[Named, OpenedRecord] = field(default_factory=dict)

    def holds(self, found: Found) -> bool:
        header = found.entry.header
        return (header.author, header.record_id, header.hash()) in self.records

    def take(self, record: OpenedRecord) -> None:
        self.left -= len(record.content)
        self.records[record.named] = record


def open_envelope(
    header: Header, key: bytes, store: BlobStore, max_bytes: int = MAX_RECORD_BYTES
) -> Iterator[bytes]:
    """The plaintext of an envelope, chunk by chunk; the last chunk comes only if the whole matches the header's digest.

    Raises KeyCommitmentMismatch before anything is decrypted, BlobMissing, BlobCorrupt, BlobTooLarge, EnvelopeCorrupt.
    """
    keys = envelope.derive(key, header.record_id, header.suite)
    if keys.commitment != header.key_commitment:
        raise KeyCommitmentMismatch()
    digest = sha256()

    def hashed() -> Iterator[bytes]:
        for chunk in store.get(header.cid, max_bytes=max_bytes):
            digest.update(chunk)
            yield chunk

    yield from envelope.open_(hashed(), keys.aead_key)
    if digest.digest() != header.ciphertext_digest:
        raise BlobCorrupt(f"content {header.cid} does not match the digest in its record's header")


def open_all(
    released: Sequence[tuple[RecordItem, Shares]], names: Mapping[str, str], store: BlobStore, given: Given
) -> tuple[list[OpenedRecord], list[str]]:
    """Records of which enough shares came, and in words what could not be opened. First every author has an equal part
    of what the answer may hold; then what is left over serves whoever needs more, in order."""
    opened: list[OpenedRecord] = []
    problems: list[str] = []
    later: list[tuple[RecordItem, Shares]] = []
    part = given.left // max(len({item.header.author for item, _ in released}), 1)
    taken: Counter[Address] = Counter()

    def attempt(item: RecordItem, shares: Shares, most: int) -> bool:
        """Whether it is settled; False if it is larger than `most`, and might be opened with more."""
        header = item.header
        author = names.get(header.author, FORMER)
        try:
            content = b"".join(open_envelope(header, record_key(item, shares), store, most))
        except BlobTooLarge as problem:
            if most < MAX_RECORD_BYTES:
                return False
            problems.append(_cannot(author, problem))
        except ConsentryError as problem:
            problems.append(_cannot(author, problem))
        else:
            record = OpenedRecord(header, author, content)
            taken[header.author] += len(content)
            given.take(record)
            opened.append(record)
        return True

    for item, shares in released:
        if not attempt(item, shares, min(MAX_RECORD_BYTES, part - taken[item.header.author])):
            later.append((item, shares))
    for item, shares in later:
        if not attempt(item, shares, min(MAX_RECORD_BYTES, given.left)):
            author = names.get(item.header.author, FORMER)
            problems.append(f"blob-too-large: a record of {author} is more than one answer can still hold")
    return opened, problems


def _cannot(author: str, problem: ConsentryError) -> str:
    return f"{problem.code}: a record of {author}: {problem.diagnostics}"

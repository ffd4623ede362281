"""A patient's directory documents: which one is in force, and which ones ever were (specification D-4, K-5).

The documents lie on IPFS; the patient's own attribute history on chain says which count. A document nobody signed for is
never read, whatever an index or a caller says.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from consentry.domain.addresses import Address
from consentry.domain.cids import cid as checked_cid
from consentry.domain.directory import MAX_DOCUMENT_BYTES, SERVICE, DirectoryDocument
from consentry.domain.ledger import AttributeChange
from consentry.errors import (
    BlobCorrupt,
    BlobMissing,
    BlobTooLarge,
    CidInvalid,
    ConsentryError,
    DirectoryNotOpen,
    LayoutInvalid,
)
from consentry.ports import BlobStore, Ledger
from consentry.services.recent import Recent

SCHEME = "ipfs://"
VALIDITY_SECONDS = 100 * 365 * 24 * 3600
MISSED_SECONDS = 300.0
MOST_MISSES = 8
UNREADABLE = (BlobMissing, BlobCorrupt, BlobTooLarge, CidInvalid, LayoutInvalid)
_Key = tuple[Address, str]


@dataclass(frozen=True)
class Documents:
    """Documents read before, by patient and CID: what a CID names never changes. And when one was looked for in vain: a
    store on a network takes long to miss a block, and is asked for the same one again after five minutes only."""

    read: Recent[_Key, DirectoryDocument] = field(default_factory=lambda: Recent(256))
    missed: Recent[_Key, float] = field(default_factory=lambda: Recent(256))


@dataclass(frozen=True)
class Directory:
    """A directory document that its patient put into the own attribute history, by its CID."""

    cid: str
    document: DirectoryDocument


def attribute_value(cid: str) -> bytes:
    """What the patient signs as the value of the service attribute."""
    return (SCHEME + cid).encode("ascii")


def current(
    ledger: Ledger, store: BlobStore, patient: Address, documents: Documents | None = None
) -> Directory:
    """The document in force: the latest attribute wins; `documents` only saves fetching and parsing it. Raises
    DirectoryNotOpen, BlobMissing, BlobCorrupt, LayoutInvalid."""
    change = ledger.latest_attribute(patient, SERVICE)
    if change is None or change.valid_to == 0:
        raise DirectoryNotOpen()
    memory = documents or Documents()
    return _known(patient, change, memory) or _kept(patient, _read(ledger, store, patient, change), memory)


@dataclass(frozen=True)
class History:
    """Every document this patient ever signed for, newest first, and the failures of those that cannot be read."""

    readable: tuple[Directory, ...]
    problems: tuple[ConsentryError, ...]

    @property
    def problem(self) -> ConsentryError | None:
        """The first failure."""
        return self.problems[0] if self.problems else None

    @property
    def incomplete(self) -> tuple[str, ...]:
        """In words that name nobody."""
        words = (f"{one.code}: a part of the directory cannot be read" for one in self.problems)
        return tuple(dict.fromkeys(words))


def history(
    ledger: Ledger,
    store: BlobStore,
    patient: Address,
    documents: Documents | None = None,
    most_problems: int | None = None,
) -> History:
    """Every document this patient ever signed for: entries filed under former versions stay readable, and one document
    that nobody has any more, or that is none, hides no other (D-4).

    Which documents these are is asked of the chain each time; `documents` only saves fetching and parsing. After
    `most_problems` unreadable ones the older ones are not looked for, and count as unreadable.
    """
    memory = documents or Documents()
    readable: dict[bytes, Directory] = {}
    problems: dict[bytes, ConsentryError] = {}
    for change in reversed(ledger.attributes(patient, SERVICE)):
        if change.value in readable or change.value in problems:
            continue
        if most_problems is not None and len(problems) >= most_problems:
            problems[change.value] = BlobMissing(
                "an older document of this patient's directory was not looked for"
            )
            continue
        try:
            readable[change.value] = _remembered(ledger, store, patient, change, memory)
        except UNREADABLE as problem:
            problems[change.value] = type(problem)("a document of this patient's directory cannot be read")
    return History(tuple(readable.values()), tuple(problems.values()))


@dataclass(frozen=True)
class Latest:
    """What the patient signed for last: its CID (None: nothing, or no CID), the version to follow (0: nothing), and
    whether it holds and can be read. Where not, any document with a higher version follows it."""

    cid: str | None
    version: int
    in_force: bool


def latest(ledger: Ledger, store: BlobStore, patient: Address, documents: Documents | None = None) -> Latest:
    """What the next document has to follow. Raises StoreUnreachable, ChainUnreachable."""
    memory = documents or Documents()
    change = ledger.latest_attribute(patient, SERVICE)
    if change is None:
        return Latest(None, 0, in_force=False)
    try:
        found = _fetched(ledger, store, patient, change, memory)
    except UNREADABLE:
        past = history(ledger, store, patient, memory, MOST_MISSES)
        version = max((one.document.version for one in past.readable), default=0) + len(past.problems)
        return Latest(_cid_or_none(change), version, in_force=False)
    return Latest(found.cid, found.document.version, in_force=change.valid_to != 0)


def _cid_of(change: AttributeChange) -> str:
    value = change.value.decode("ascii", errors="replace")
    if not value.startswith(SCHEME):
        raise LayoutInvalid("the patient's directory attribute is not an ipfs address")
    return value.removeprefix(SCHEME)


def _cid_or_none(change: AttributeChange) -> str | None:
    try:
        return checked_cid(_cid_of(change))
    except LayoutInvalid:
        return None


def _remembered(
    ledger: Ledger, store: BlobStore, patient: Address, change: AttributeChange, memory: Documents
) -> Directory:
    known = _known(patient, change, memory)
    return known or _kept(patient, _fetched(ledger, store, patient, change, memory), memory)


def _known(patient: Address, change: AttributeChange, memory: Documents) -> Directory | None:
    cid = _cid_of(change)
    held = memory.read.get((patient, cid))
    return None if held is None else Directory(cid, held)


def _kept(patient: Address, found: Directory, memory: Documents) -> Directory:
    memory.read.keep((patient, found.cid), found.document)
    return found


def _fetched(
    ledger: Ledger, store: BlobStore, patient: Address, change: AttributeChange, memory: Documents
) -> Directory:
    """From the store, unless it was missed there a moment ago."""
    cid = _cid_of(change)
    missed = memory.missed.get((patient, cid))
    if missed is not None and time.monotonic() < missed + MISSED_SECONDS and not store.has(cid):
        raise BlobMissing()
    try:
        return _read(ledger, store, patient, change)
    except BlobMissing:
        memory.missed.keep((patient, cid), time.monotonic())
        raise


def _read(ledger: Ledger, store: BlobStore, patient: Address, change: AttributeChange) -> Directory:
    cid = _cid_of(change)
    document = DirectoryDocument.parse(b"".join(store.get(cid, max_bytes=MAX_DOCUMENT_BYTES)))
    if document.patient != patient or document.chain_id != ledger.chain_id:
        raise LayoutInvalid("the directory document names another patient or chain")
    return Directory(cid, document)

"""A patient's directory documents: which one is in force, and which ones ever were (specification D-4, K-5).

The documents lie on IPFS; the patient's own attribute history on chain says which count. A document nobody signed for is
never read, whatever an index or a caller says.
"""

from __future__ import annotations

from dataclasses import dataclass

from consentry.domain.addresses import Address
from consentry.domain.directory import DirectoryDocument
from consentry.domain.ledger import AttributeChange, TxReceipt
from consentry.errors import DirectoryNotOpen, LayoutInvalid
from consentry.ports import BlobStore, Ledger, Sender
from consentry.services.recent import Recent

Documents = Recent[tuple[Address, str], DirectoryDocument]
"""Documents read before, by patient and CID: what a CID names never changes."""

ATTRIBUTE = "did/svc/ConsentryDirectory"
SCHEME = "ipfs://"
MAX_DOCUMENT_BYTES = 1024 * 1024
VALIDITY_SECONDS = 100 * 365 * 24 * 3600


@dataclass(frozen=True)
class Directory:
    """A directory document that its patient put into the own attribute history, by its CID."""

    cid: str
    document: DirectoryDocument


@dataclass(frozen=True)
class OpenDirectory:
    """A patient's first or next directory document and the signature that names it (`SetAttribute`, deadline in seconds)."""

    patient: Address
    document: bytes
    deadline: int
    signature: bytes


@dataclass(frozen=True)
class DirectoryOpened:
    cid: str
    receipt: TxReceipt


def attribute_value(cid: str) -> bytes:
    """What the patient signs as the value of the service attribute."""
    return (SCHEME + cid).encode("ascii")


def current(ledger: Ledger, store: BlobStore, patient: Address) -> Directory:
    """The document in force: the latest attribute wins. Raises DirectoryNotOpen, BlobMissing, BlobCorrupt, LayoutInvalid."""
    change = ledger.latest_attribute(patient, ATTRIBUTE)
    if change is None or change.valid_to == 0:
        raise DirectoryNotOpen()
    return _read(ledger, store, patient, change)


def history(
    ledger: Ledger, store: BlobStore, patient: Address, documents: Documents | None = None
) -> tuple[Directory, ...]:
    """Every document this patient ever signed for, newest first: entries filed under former versions stay readable.

    Which documents these are is asked of the chain each time; `documents` only saves fetching and parsing.
    """
    seen: dict[str, Directory] = {}
    for change in reversed(ledger.attributes(patient, ATTRIBUTE)):
        cid = _cid_of(change)
        if cid not in seen:
            held = documents.get((patient, cid)) if documents else None
            seen[cid] = Directory(cid, held) if held else _read(ledger, store, patient, change)
            if documents and not held:
                documents.keep((patient, cid), seen[cid].document)
    return tuple(seen.values())


def open_directory(
    command: OpenDirectory, ledger: Ledger, store: BlobStore, sender: Sender
) -> DirectoryOpened:
    """Check a document, store it and relay the patient's signature. Raises LayoutInvalid, TransactionReverted."""
    document = DirectoryDocument.parse(command.document)
    committee = ledger.committee()
    previous = ledger.latest_attribute(command.patient, ATTRIBUTE)
    version = _read(ledger, store, command.patient, previous).document.version if previous else 0
    if document.patient != command.patient or document.chain_id != ledger.chain_id:
        raise LayoutInvalid("the directory document names another patient or chain")
    if committee is None or (document.committee_version, document.threshold) != (
        committee.version,
        committee.threshold,
    ):
        raise LayoutInvalid("the directory document is sealed to another committee than the current one")
    if document.version != version + 1 or document.previous != (_cid_of(previous) if previous else None):
        raise LayoutInvalid("the directory document does not follow the one in force")
    cid = store.put([command.document]).cid
    receipt = sender.transact(
        "IdentityRegistry",
        "setAttributeBySignature",
        command.patient,
        ATTRIBUTE.encode("ascii").ljust(32, b"\0"),
        attribute_value(cid),
        VALIDITY_SECONDS,
        command.deadline,
        command.signature,
    )
    return DirectoryOpened(cid, receipt)


def _cid_of(change: AttributeChange) -> str:
    value = change.value.decode("ascii", errors="replace")
    if not value.startswith(SCHEME):
        raise LayoutInvalid("the patient's directory attribute is not an ipfs address")
    return value.removeprefix(SCHEME)


def _read(ledger: Ledger, store: BlobStore, patient: Address, change: AttributeChange) -> Directory:
    cid = _cid_of(change)
    document = DirectoryDocument.parse(b"".join(store.get(cid, max_bytes=MAX_DOCUMENT_BYTES)))
    if document.patient != patient or document.chain_id != ledger.chain_id:
        raise LayoutInvalid("the directory document names another patient or chain")
    return Directory(cid, document)

"""Filing a patient's first or next directory document (specification D-4, D-7, D-12, G-9, G-13).

The document is stored before the signature that names it is relayed: a crash in between leaves the former one in force, and
the patient's client may have it stored at several gateways first, so that no single one can lose it.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from consentry.domain.addresses import Address
from consentry.domain.cids import raw_cid
from consentry.domain.directory import SERVICE, DirectoryDocument
from consentry.domain.ledger import TxReceipt
from consentry.errors import LayoutInvalid, TransactionReverted
from consentry.ports import BlobStore, Ledger, Sender
from consentry.ports.staged import Stage
from consentry.services.directory import VALIDITY_SECONDS, Documents, attribute_value, latest
from consentry.services.staged_documents import StagedDocuments


@dataclass(frozen=True)
class OpenDirectory:
    """A patient's first or next directory document and the signature that names it (`SetAttribute`, deadline in seconds)."""

    patient: Address
    document: bytes
    deadline: int
    signature: bytes


@dataclass(frozen=True)
class DirectoryPorts:
    """`documents`: what was read before, if that is kept."""

    ledger: Ledger
    store: BlobStore
    sender: Sender
    staged: StagedDocuments
    documents: Documents | None = None


@dataclass(frozen=True)
class DocumentKept:
    """`kept_until` (seconds): it may be deleted from then on, or before if many wait, unless the chain names it."""

    cid: str
    kept_until: int


@dataclass(frozen=True)
class DirectoryOpened:
    cid: str
    receipt: TxReceipt


def store_document(command: OpenDirectory, ports: DirectoryPorts) -> DocumentKept:
    """Check a document and the signature as for relaying, and store it only. Raises LayoutInvalid, TransactionReverted,
    RateLimited.

    What the chain would not take is not stored: anybody's key can send documents.
    """
    cid = _accepted(command, ports)
    return DocumentKept(cid, ports.staged.keep(command.patient, cid, command.document))


def open_directory(command: OpenDirectory, ports: DirectoryPorts) -> DirectoryOpened:
    """The same, and relay: from then on this document is in force. Raises LayoutInvalid, TransactionReverted, RateLimited."""
    cid = _accepted(command, ports)
    ports.staged.keep(command.patient, cid, command.document, Stage.NAMED)
    try:
        receipt = ports.sender.transact(*_call(command, cid))
    except TransactionReverted as reverted:
        raise ports.staged.refused(cid, reverted) from None
    ports.staged.named(cid, command.document)
    return DirectoryOpened(cid, receipt)


def _accepted(command: OpenDirectory, ports: DirectoryPorts) -> str:
    """The CID of a document that the chain would take now."""
    cid = _checked(command, ports.ledger, ports.store, ports.documents)
    ports.sender.check(*_call(command, cid))
    return cid


def _checked(command: OpenDirectory, ledger: Ledger, store: BlobStore, documents: Documents | None) -> str:
    document = DirectoryDocument.parse(command.document)
    committee = ledger.committee()
    if document.patient != command.patient or document.chain_id != ledger.chain_id:
        raise LayoutInvalid("the directory document names another patient or chain")
    if committee is None or (document.committee_version, document.threshold) != (
        committee.version,
        committee.threshold,
    ):
        raise LayoutInvalid("the directory document is sealed to another committee than the current one")
    last = latest(ledger, store, command.patient, documents)
    free = last.version > 0 and not last.in_force
    next_one = document.version == last.version + 1 or (free and document.version > last.version)
    if not next_one or document.previous != last.cid:
        raise LayoutInvalid("the directory document does not follow the one in force")
    return raw_cid(sha256(command.document).digest())


def _call(command: OpenDirectory, cid: str) -> tuple[Any, ...]:
    return (
        "IdentityRegistry",
        "setAttributeBySignature",
        command.patient,
        SERVICE.encode("ascii").ljust(32, b"\0"),
        attribute_value(cid),
        VALIDITY_SECONDS,
        command.deadline,
        command.signature,
    )

"""What a gateway remembers of erasures: orders it obeyed, so that an index that is built anew does not bring anything back; and,
for its own records, what its author kept of them and the stores' certificates (specification X-2 to X-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from consentry.domain.erasure import OrderedEntry


@dataclass(frozen=True)
class SignedOrder:
    """The canonical bytes of an ErasureOrder and the author's signature, 65 bytes."""

    raw: bytes
    signature: bytes


@dataclass(frozen=True)
class SignedCertificate:
    """The canonical bytes of an ErasureCertificate and the member's signature, 65 bytes."""

    raw: bytes
    signature: bytes


class ErasedEntries(Protocol):
    """Durable. Raises StoreUnreachable."""

    def obeyed(self, entries: Sequence[str], order: SignedOrder) -> None:
        """Remember that these entries are erased, and by which order, before anything is deleted."""

    def erased(self, entries: Sequence[str]) -> frozenset[str]:
        """Those of which an order to erase them was obeyed: they do not come back, whoever anchors them again."""

    def holds_content(self, cid: str) -> bool:
        """Whether this is the content of a record of the own author: never an entry of anybody."""


class OwnErasures(Protocol):
    """In the book of the author. Raises StoreUnreachable."""

    def kept(self, record_id: bytes) -> bytes | None:
        """What the author kept of a record, sealed to its copy key; None if it knows of none, or has forgotten it."""

    def entries_of(self, record_id: bytes) -> tuple[OrderedEntry, ...]:
        """Every entry ever filed for a record, resealed ones too, with its sealing's hash."""

    def root_of(self, record_id: bytes) -> bytes | None:
        """Under which root the record was first anchored; None before it was."""

    def begin(self, record_id: bytes, content: str, order: SignedOrder) -> None:
        """Note the order and the content's CID before anything is deleted; the first order of a record stays."""

    def begun(self, record_id: bytes) -> tuple[str, SignedOrder] | None:
        """The content's CID and the order of an erasure that was begun."""

    def forget(self, record_id: bytes) -> None:
        """Delete what was kept of the record."""

    def certify(self, record_id: bytes, member: str, certificate: SignedCertificate) -> None:
        """Keep a store's certificate; one that says nothing was deleted takes the place of none that says more."""

    def certificates(self, record_id: bytes) -> tuple[SignedCertificate, ...]:
        """Every member's, in order of address."""

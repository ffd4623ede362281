"""The view calls that a Ledger encodes (design §5), as a Protocol.

Encoding asks nothing of the chain: put the calls into one batch of `Ledger.evaluate` or `evaluate_both`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .ledger_values import (
    Anchor,
    Asker,
    ConsentState,
    ContractCall,
    Grant,
    RecordFacts,
    RegistryStatus,
    StaffInfo,
)

if TYPE_CHECKING:
    from .domain.grounds import Reason
    from .domain.terms import Terms


class LedgerCalls(Protocol):
    """One method per question; the answer's type is the call's."""

    def permit_call(
        self, grant: Grant, terms: Terms, asker: Asker, record: RecordFacts
    ) -> ContractCall[Reason]:
        """`permits`; the encoding of the terms is kept and used again."""

    def permit_directory_call(
        self, grant: Grant, terms: Terms, asker: Asker, category: str
    ) -> ContractCall[Reason]:
        """`permitsDirectory`."""

    def anchor_call(self, author: str, root: bytes) -> ContractCall[Anchor | None]: ...

    def retracted_call(self, author: str, record_id: bytes) -> ContractCall[bool]: ...

    def consent_call(self, patient: str, consent_id: bytes) -> ContractCall[ConsentState]: ...

    def acts_for_call(self, patient: str, account: str) -> ContractCall[bool]: ...

    def staff_call(self, account: str) -> ContractCall[StaffInfo | None]: ...

    def active_call(self, member: str) -> ContractCall[bool]: ...

    def registry_status_call(self, contract: str) -> ContractCall[RegistryStatus]: ...

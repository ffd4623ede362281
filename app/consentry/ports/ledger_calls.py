"""Questions to the contracts, encoded: what a Ledger evaluates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from consentry.domain.addresses import Address
from consentry.domain.ledger import (
    Anchor,
    Asker,
    ConsentState,
    ContractCall,
    Grant,
    RecordFacts,
    StaffInfo,
)

if TYPE_CHECKING:
    from consentry.domain.grounds import Reason
    from consentry.domain.mandates import Mandate
    from consentry.domain.openings import Opening
    from consentry.domain.terms import Terms


class LedgerCalls(Protocol):
    """These only encode, and ask nothing of a node."""

    def permit_many_call(
        self,
        grant: Grant,
        terms: Terms,
        asker: Asker,
        records: Sequence[RecordFacts],
        mandate: Mandate | None = None,
    ) -> ContractCall[tuple[Reason, ...]]:
        """`permitsMany`, a reason for each record; the encoding of the terms is kept and used again."""

    def permit_directory_call(
        self, grant: Grant, terms: Terms, asker: Asker, category: str, mandate: Mandate | None = None
    ) -> ContractCall[Reason]:
        """`permitsDirectory`."""

    def permit_opening_many_call(
        self, opening: Opening, asker: Asker, records: Sequence[RecordFacts]
    ) -> ContractCall[tuple[Reason, ...]]:
        """`permitsMany` of EmergencyAccess, under a break-glass opening."""

    def permit_opening_directory_call(
        self, opening: Opening, asker: Asker, category: str
    ) -> ContractCall[Reason]:
        """`permitsDirectory` of EmergencyAccess."""

    def anchor_call(self, author: str, root: bytes) -> ContractCall[Anchor | None]: ...

    def retracted_call(self, author: str, record_id: bytes) -> ContractCall[bool]: ...

    def acting_for_call(self, account: str) -> ContractCall[Address | None]:
        """The member that an account acts for by its key in force, whatever its status; None if none."""

    def consent_call(self, patient: str, consent_id: bytes) -> ContractCall[ConsentState]: ...

    def mandate_of_call(self, consent_id: bytes) -> ContractCall[bytes | None]:
        """The id (32 bytes) of the mandate under which a consent was granted; None for one that was granted under none."""

    def acts_for_call(self, patient: str, account: str) -> ContractCall[bool]: ...

    def controller_call(self, identity: str) -> ContractCall[Address]:
        """`identityOwner`: zero for an identity that was deactivated."""

    def trusted_call(self, contract: str) -> ContractCall[bool]:
        """Whether the Authority lists our contract of this name as active or closed, neither unknown nor distrusted."""

    def member_name_call(self, member: str) -> ContractCall[str | None]:
        """The registered name, of former members too; None for who never was one."""

    def staff_call(self, account: str) -> ContractCall[StaffInfo | None]: ...

    def active_call(self, member: str) -> ContractCall[bool]: ...

    def regulator_call(self) -> ContractCall[Address]:
        """The member that the consortium named regulator (V-8); zero while there is none."""

    def keeper_call(self, account: str) -> ContractCall[bool]:
        """`isKeeper`: a seat in some committee, held for an active member (M-4)."""

    def committee_version_call(self) -> ContractCall[int]:
        """The version that everybody seals to, 0 while there is none."""

    def changed_call(self, identity: str) -> ContractCall[int]:
        """ERC-1056's `changed`: the block of the identity's newest change, 0 if there is none."""

"""What is known of one answer while it is made."""

from __future__ import annotations

from dataclasses import dataclass, field

from consentry.domain.addresses import Address
from consentry.errors import ConsentryError
from consentry.fhir.audit_facts import Named
from consentry.gateway.per_request import kept
from consentry.services.witness import Witness


@dataclass
class About:
    """What a route said of its answer about one patient, or about nobody, as far as it came. `own`: whose side reads, if nobody
    else is named; `refused`: there was no ground, whatever the caller hears."""

    patient: Address | None = None
    own: Address | None = None
    ref: str = ""
    purpose: str = ""
    practitioner: Address | None = None
    opening: bytes | None = None
    refused: bool = False
    data: Named | None = None
    records: list[bytes] = field(default_factory=list)
    witness: Witness = field(default_factory=Witness)


@dataclass
class Notes:
    """`problem` is the failure that is answered, if any; `by_parts` says that each part left events of its own."""

    told: list[About] = field(default_factory=lambda: [About()])
    problem: ConsentryError | None = None
    by_parts: bool = False

    @property
    def current(self) -> About:
        return self.told[-1]


def notes() -> Notes:
    """Those of the request that is being answered."""
    return kept(Notes)

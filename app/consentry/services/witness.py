"""What became of one answer towards the keepers, for its audit event (specification J-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from consentry.domain.addresses import Address
from consentry.domain.request_items import ConsentGround, Ground
from consentry.domain.terms import Consent, consent_id
from consentry.ports.keeper_values import Served


@dataclass
class Witness:
    """`requests`: digests (32 bytes) of what keepers were asked, whatever they answered; each of their receipts names one.
    `grounds`: those that something was given under; `served`: who gave shares of it, with their receipts."""

    requests: list[bytes] = field(default_factory=list)
    grounds: list[Ground] = field(default_factory=list)
    served: list[Served] = field(default_factory=list)


def consent_ids(grounds: Iterable[Ground], chain_id: int, registry: Address) -> tuple[bytes, ...]:
    """The ids of the consents among these grounds, 32 bytes each."""
    given = [one for one in grounds if isinstance(one, ConsentGround)]
    consents = (
        Consent(
            Address(one.grant.patient),
            one.terms,
            one.grant.valid_from,
            one.grant.valid_until,
            one.grant.relay_before,
        )
        for one in given
    )
    return tuple(dict.fromkeys(consent_id(one, chain_id, registry) for one in consents))

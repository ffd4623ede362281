"""What others do with the same terms while a grant is under way (W-119)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from consentry.domain import fields, terms
from consentry.domain.addresses import Address
from consentry.domain.terms import Consent
from consentry.errors import SignatureInvalid
from consentry.ports import Sender
from consentry.ports.desk_values import KeptConsent
from consentry.services.behalf import GrantUnder, grant_under
from consentry.services.consent import ConsentPorts
from consentry.services.giving import Give, give
from tests.app.gateway.carers import Carers, carers
from tests.app.gateway.world import World


@dataclass
class Meanwhile:
    """Sends as the gateway does, when `act` is done: by somebody else, once the terms are kept."""

    sender: Sender
    act: Callable[[], object]

    def transact(self, *call: Any) -> Any:
        self.act()
        return self.sender.transact(*call)


@pytest.fixture
def family(world: World) -> Carers:
    return carers(world)


def under_way(ports: ConsentPorts, act: Callable[[], object]) -> ConsentPorts:
    return replace(ports, sender=Meanwhile(ports.sender, act))


def id_of(consent: Consent, family: Carers) -> bytes:
    return terms.consent_id(consent, family.world.ledger.chain_id, family.registry)


def test_what_a_hospital_proposes_stays_when_the_same_is_refused(world: World, family: Carers) -> None:
    """W-119: proposed once the representative's terms were kept, and before the chain refused them."""
    mandate, consent, ports = family.given(), family.drafted(world.city), world.city.gateway.consents
    proposed = KeptConsent(id_of(consent, family), consent, 1, "his")
    by_another = family.body(consent, mandate, by=family.alice)["signature"]
    command = GrantUnder(consent, mandate, by_another, Address(family.carol.wallet.address))
    with pytest.raises(SignatureInvalid):
        grant_under(command, under_way(ports, lambda: ports.book.propose(proposed)))
    assert ports.book.get(proposed.consent_id) == proposed


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_what_a_hospital_proposes_stays_when_the_patients_own_is_refused(
    world: World, family: Carers, when: str
) -> None:
    """W-119: and what nobody else proposed goes with it."""
    consent, ports = family.drafted(world.city), world.city.gateway.consents
    proposed = KeptConsent(id_of(consent, family), consent, 1, "his")
    signature = family.body(consent, family.given())["signature"]
    command = Give(consent, signature, None, family.alice.wallet.address)
    with pytest.raises(SignatureInvalid):
        give(command, ports)
    assert ports.book.get(proposed.consent_id) is None
    if when == "before":
        ports.book.propose(proposed)
    with pytest.raises(SignatureInvalid):
        give(command, under_way(ports, lambda: ports.book.propose(proposed)))
    assert ports.book.get(proposed.consent_id) == proposed


def test_what_the_chain_took_is_on_the_book_when_it_was_taken_off_meanwhile(
    world: World, family: Carers
) -> None:
    """W-119: another try of the same account was refused while this one was under way."""
    mandate, consent, ports = family.given(), family.drafted(world.city), world.city.gateway.consents
    known, by = id_of(consent, family), Address(family.carol.wallet.address)
    command = GrantUnder(consent, mandate, family.body(consent, mandate)["signature"], by)
    given = grant_under(command, under_way(ports, lambda: ports.book.drop(known, by)))
    kept = ports.book.get(known)
    assert kept is not None and (kept.consent, kept.transaction) == (consent, given.transaction)
    (listed,) = family.seen(family.carol, "/api/behalf/consents")
    assert listed["id"] == fields.to_hex(known)

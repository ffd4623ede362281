"""What tests of rotation do: read as staff, keep the seeds, renew, let time pass."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from consentry.domain.categories import Category
from consentry.services import directory
from consentry.services.asking import Asking
from consentry.services.discover import Discovery, Seeds, discover, fetch_seeds
from consentry.services.everything import _grounds
from consentry.services.rotation import Advice, advice
from tests.app.gateway.content import bundle, proposal
from tests.app.gateway.people import Hospital, Person
from tests.app.gateway.test_gateway_directory import post, sign_next
from tests.app.gateway.test_gateway_exchange import grant
from tests.app.gateway.world import World


@dataclass
class Moved:
    """A clock that is so many seconds ahead."""

    ahead: int

    def now(self) -> int:
        return int(time.time()) + self.ahead


def renew(world: World, patient: Person) -> int:
    """The next document, in a later second than what was before; gives its version."""
    tick(world)
    signed = sign_next(world, patient)
    assert post(patient, signed).status_code == 200
    tick(world)
    return signed.version


def tick(world: World) -> None:
    """The chain's time goes on by a second, so that what comes now comes later."""
    world.ledger.connection.rpc.call("evm_increaseTime", 1)
    world.mine()


def consented(world: World, patient: Person, ref: str, days: int = 30) -> str:
    """A consent of the patient to City that holds; gives its id."""
    shown = world.city.send("POST", "/api/consents/proposals", proposal(ref, days=days)).json
    assert grant(patient, shown).status_code == 200
    return str(shown["id"])


def advised(world: World, patient: Person, ahead: int = 0) -> Advice | None:
    """What City's gateway would tell the patient so many seconds from now."""
    ports = replace(world.city.gateway.rotation, clock=Moved(ahead + 3600))
    return advice(patient.wallet.address, ports)


def seeds_of(hospital: Hospital, reader: Person, patient: Person) -> Seeds:
    """What keepers release to somebody under a live consent, kept past every session."""
    parts, seeds = hospital.gateway, Seeds()
    session = parts.sessions.readers.of(parts.signing_in.tokens.who(reader.token))
    ((ground, _),) = _grounds(session, patient.wallet.address, parts.everything)
    asking = Asking(session.actor, session.certificate, session.key, None, session.purpose, ground, None)
    ports = parts.everything.reading
    past = directory.history(ports.ledger, ports.store, patient.wallet.address).readable
    assert (
        fetch_seeds(asking, past, [Category.LABORATORY], seeds, ports.ledger, ports.keepers, ports.clock)
        == []
    )
    return seeds


def found_with(hospital: Hospital, seeds: Seeds, patient: Person) -> Discovery:
    """What these seeds alone find, of every document there is now."""
    ports = hospital.gateway.everything.reading
    assert ports.scan()
    past = directory.history(ports.ledger, ports.store, patient.wallet.address).readable
    return discover(past, seeds, ports.ledger, ports.index, ports.store)


def visit(mrn: str, number: str) -> dict[str, Any]:
    """A visit of its own: results that follow no others."""
    made = bundle(mrn, number)
    for one in made["entry"][1:]:
        one["resource"]["id"] += number
    return made

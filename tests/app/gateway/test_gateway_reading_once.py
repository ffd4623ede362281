"""Several consents that give the same: keepers are asked under as few as do (G-15)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any, Literal

import pytest

from consentry.domain import fields
from consentry.domain.ledger import Answer, Grant
from consentry.domain.request_items import ConsentGround
from consentry.services.everything import read_everything
from consentry.services.reading import Reading
from tests.app.gateway.content import bundle, proposal, terms
from tests.app.gateway.test_gateway_exchange import damaged_envelope, grant
from tests.app.gateway.world import World

NUMBERS = count(1)


class Visit:
    """A patient whose visit Mercy recorded; City's doctor reads for treatment."""

    def __init__(self, world: World) -> None:
        self.world, self.alice, self.bose = world, world.patient(world.mercy), world.staff(world.city)
        number = f"ONCE-{next(NUMBERS)}"
        world.mercy.link(number, self.alice)
        self.ref = world.city.link(number, self.alice)
        world.mercy.publish(bundle(number))
        self.alice.open_session("PATRQT")
        self.at_city = world.person(world.city)
        self.at_city.wallet = self.alice.wallet
        self.at_city.sign_in()
        self.bose.open_session("TREAT")

    def permit(self, *categories: str, **more: Any) -> Grant:
        """A consent to City that is in force."""
        asked = proposal(self.ref, terms=terms(categories) | more)
        shown = self.bose.send("POST", "/api/consents/proposals", asked).json
        assert grant(self.at_city, shown).status_code == 200
        kept = self.world.city.gateway.consents.book.get(fields.hex_bytes(shown["id"], "id"))
        assert kept is not None
        return kept.consent.grant()

    def read(self) -> Reading:
        parts = self.world.city.gateway
        reader = parts.sessions.readers.of(parts.signing_in.tokens.who(self.bose.token))
        return read_everything(reader, self.alice.wallet.address, parts.everything)


def under(reading: Reading) -> list[Grant]:
    return [one.grant for one in reading.grounds if isinstance(one, ConsentGround)]


def test_nothing_is_asked_under_a_consent_that_adds_nothing(world: World) -> None:
    """The broader is read under, whichever came first; what covers something else as well adds to it."""
    visit = Visit(world)
    narrow = visit.permit("laboratory")
    assert under(visit.read()) == [narrow]
    broad = visit.permit("laboratory", "visit")
    assert under(visit.read()) == [broad]
    other = visit.permit("laboratory", "imaging")
    assert set(under(visit.read())) == {broad, other}
    assert sorted(one.header.category for one in visit.read().records) == ["laboratory", "visit"]


def test_uses_are_left_where_another_consent_counts_none(world: World) -> None:
    visit = Visit(world)
    visit.permit("laboratory", "visit", maxUses=1)
    free = visit.permit("laboratory", "visit")
    assert [under(visit.read()) for _ in range(2)] == [[free], [free]]


def test_a_retracted_record_has_nobody_asked_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """G-16: keepers release it under no consent, once that is final."""
    visit = Visit(world)
    either = {visit.permit("laboratory", "visit"), visit.permit("laboratory", "visit")}
    before = visit.read()
    (first,) = under(before)
    gone, *kept = before.records
    asked = {"record": fields.to_hex(gone.header.record_id), "reason": "duplicate"}
    assert world.mercy.send("POST", "/api/records/retractions", asked).status_code == 200
    after = visit.read()
    assert (under(after), first in either) == ([first], True)
    assert [one.named for one in after.records] == [one.named for one in kept]
    ledger = world.city.gateway.ledger
    real = ledger.evaluate

    def undone(calls: Sequence[Any], block: Literal["latest", "final"] = "latest") -> tuple[Answer[Any], ...]:
        """A final block that lies before the retraction."""
        return real(calls, block) if block == "latest" else tuple(Answer(False) for _ in calls)

    monkeypatch.setattr(ledger, "evaluate", undone)
    assert set(under(visit.read())) == either


def test_what_is_missing_is_looked_for_under_the_next(world: World) -> None:
    """Damaged content is tried under both, and said once."""
    visit = Visit(world)
    both = {visit.permit("laboratory"), visit.permit("laboratory")}
    assert len(under(visit.read())) == 1
    with damaged_envelope(world, visit.alice):
        damaged = visit.read()
    assert set(under(damaged)) == both
    assert damaged.records == () and len(damaged.incomplete) == 1


def test_what_is_withheld_is_looked_for_under_the_next(world: World) -> None:
    """The first is for nurses alone: the doctor's own permits."""
    visit = Visit(world)
    visit.permit("laboratory", roles=["nurse"])
    own = visit.permit("laboratory")
    assert under(visit.read()) == [own]

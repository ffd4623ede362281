"""Many mandates: nobody crowds out what another patient gave, and nobody has them paid for without end (W-85)."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace

import pytest

from consentry.domain.addresses import Address
from consentry.ports.mandates import KeptMandate
from consentry.services.mandates import MOST_ASKED, MOST_OF_PAIR, RELAYED_A_DAY
from tests.app.gateway.test_gateway_consents import paid
from tests.app.gateway.test_gateway_mandates import Pair
from tests.app.gateway.trail import events, what
from tests.app.gateway.world import World


@pytest.fixture
def pair(world: World) -> Pair:
    return Pair(world)


def test_strangers_do_not_crowd_out_what_a_patient_gave(world: World, pair: Pair) -> None:
    """W-85: of each patient in turn, however many another one has sent, and however new they are."""
    mandate = pair.drafted()
    pair.give(mandate)
    stranger, representative = Address("0x" + secrets.token_hex(20)), Address(pair.carol.wallet.address)
    book, later = world.city.gateway.mandates.book, int(time.time()) + 60
    for _ in range(MOST_ASKED):
        book.keep(KeptMandate(secrets.token_bytes(32), stranger, representative, b"nothing", later))
    assert [one["mandate"] for one in pair.seen(pair.carol)["held"]] == [mandate.to_json()]


def test_one_patient_gives_one_account_a_few_and_each_is_audited_once(world: World, pair: Pair) -> None:
    """W-85, G-9, J-1: the next one is refused and not paid for; what has ended makes room."""
    given = [pair.drafted() for _ in range(MOST_OF_PAIR)]
    for one in given:
        pair.give(one)
    other = pair.signed_in()
    for _ in range(2):
        mandate = replace(pair.drafted(), patient=Address(other.wallet.address))
        assert other.send("POST", "/api/mandates", pair.body(mandate, by=other)).status_code == 200
    before = paid(world)
    more = pair.alice.send("POST", "/api/mandates", pair.body(pair.drafted()))
    assert (more.status_code, more.json["code"], paid(world)) == (409, "mandates-too-many", before)
    assert pair.alice.send("POST", "/api/mandates", pair.body(given[0])).json["transaction"] is None
    seen = pair.carol.send("GET", "/api/mandates", **{"X-Request-Id": "carol-looks"})
    assert len(seen.json["held"]) == MOST_OF_PAIR + 2
    told = [one for one in events(pair.alice, "_count=200") if what(one, "XrequestId") == ["carol-looks"]]
    assert len(told) == 1


def test_one_wallet_has_some_relayed_a_day(world: World, pair: Pair) -> None:
    """W-85, G-9: then it hears when there is room again, and nobody else does."""
    world.city.gateway.mandates.relays.take(str(pair.alice.wallet.address), RELAYED_A_DAY)
    before = paid(world)
    answer = pair.alice.send("POST", "/api/mandates", pair.body(pair.drafted()))
    assert (answer.status_code, answer.json["code"], paid(world)) == (429, "rate-limited", before)
    assert int(answer.headers["Retry-After"]) > 60
    other = Pair(world)
    other.give(other.drafted())

"""Places for looking up and for streams come free again (W-16, W-20)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from consentry.domain.cids import raw_cid
from consentry.gateway.app import create_app
from consentry.services import looking_up
from consentry.services.looking_up import FindPorts
from consentry.services.pace import Room
from consentry.services.streams import Places
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.test_page_reading import blob
from tests.app.gateway.world import World


@pytest.fixture
def alice(world: World) -> Person:
    return world.patient(world.mercy)


@pytest.mark.parametrize("fault", [None, RuntimeError("of the store's own")])
def test_places_come_free_whatever_became_of_the_answer(
    world: World, alice: Person, monkeypatch: pytest.MonkeyPatch, fault: Exception | None
) -> None:
    """W-16, W-20, G-14: also when the sign-in ended while it was looked up, so that the answer is not told."""
    finding = FindPorts(room=Room(1, seconds=0.01))
    streams = replace(world.mercy.gateway.page.streams, places=Places(most=1, most_of_one=1))
    page = replace(world.mercy.gateway.page, finding=finding, streams=streams)
    alice = replace(alice, client=create_app(replace(world.mercy.gateway, page=page)).test_client())
    cid = alice.send("GET", "/api/directory").json["cid"]
    find_it, take = looking_up.ciphertext, streams.places.take

    def ended(*asked: Any) -> Any:
        alice.send("DELETE", "/api/sign-in")
        if fault is not None:
            raise fault
        return find_it(*asked)

    def ended_too(account: str) -> Any:
        alice.send("DELETE", "/api/sign-in")
        return take(account)

    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(looking_up, "ciphertext", ended)
            patch.setattr(streams.places, "take", ended_too)
            for path in (f"/api/blobs/{cid}", "/api/notifications/stream"):
                alice.sign_in()
                status = alice.send("GET", path).status_code
                assert status == (500 if fault is not None and "blobs" in path else 401)
    alice.sign_in()
    assert blob(alice, cid).status_code == 200
    streams.places.leave(streams.places.take("bob"))


def test_searches_keep_nobody_from_what_is_here(world: World, alice: Person) -> None:
    """W-16: whoever asks for content that nobody has holds a place for searching, never one for reading."""
    finding = FindPorts(room=Room(1, seconds=0.01), searching=Room(1, seconds=0.01))
    page = replace(world.mercy.gateway.page, finding=finding)
    alice = replace(alice, client=create_app(replace(world.mercy.gateway, page=page)).test_client())
    here, nowhere = alice.send("GET", "/api/directory").json["cid"], raw_cid(bytes(32))
    assert code_of(blob(alice, nowhere)) == "blob-missing"
    with finding.searching.place():
        assert code_of(blob(alice, nowhere)) == "rate-limited"
        assert blob(alice, here).status_code == 200
    assert code_of(blob(alice, nowhere)) == "blob-missing"

"""Who the members are (W-14), and whom a page may talk to (W-17)."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import count
from typing import Any

from consentry.services.page_places import FRESH_SECONDS, PagePlaces
from tests.app.gateway.world import World


def test_members_are_told_with_their_keys(world: World) -> None:
    """W-14"""
    told = {one["address"]: one for one in world.mercy.client.get("/api/members").json["members"]}
    assert told.keys() == {one.address for one in world.ledger.members()}
    mercy = told[world.mercy.account.address.lower()]
    assert (mercy["name"], mercy["kind"], mercy["status"]) == (world.mercy.name, "hospital", "active")
    assert len(mercy["directoryKeys"]) == 1 and mercy["gateway"] == world.mercy.gateway.site.origin
    assert told[world.city.account.address.lower()]["gateway"] is None


def test_page_may_talk_to_keepers_and_known_gateways_alone(world: World) -> None:
    """W-17"""
    policy = world.mercy.client.get("/").headers["Content-Security-Policy"]
    directives = dict(one.strip().split(" ", 1) for one in policy.split(";"))
    keepers = {f"http://127.0.0.1:{server.server_port}" for server in world.keepers}
    assert set(directives["connect-src"].split()) == {"'self'", *keepers}
    assert directives["default-src"] == "'none'" and directives["worker-src"] == "'self'"


class Committees:
    """A chain whose keepers wrote what they liked as their addresses; silent once it is told to be."""

    def __init__(self, world: World, *urls: str) -> None:
        self._world, self._urls, self.silent = world, urls, False

    def committee(self, version: int | None = None) -> Any:
        newest = self._world.ledger.committee(version)
        assert newest is not None
        if self.silent:
            return self._world.ledger.connection.rpc.call("no_such_method")
        keepers = tuple(replace(newest.keepers[0], url=url) for url in self._urls)
        return replace(newest, version=1, keepers=keepers)


def test_policy_holds_plain_origins_only(world: World) -> None:
    """W-17: a keeper's address on chain is what its member wrote; a chain that is silent changes nothing."""
    chain = Committees(
        world,
        "https://keeper.example/path?query#x",
        "https://keeper.example",
        "https://[::1]:8443/",
        "https://x.example; script-src *",
        "https://*.example",
        "https://user@x.example",
        "https://x.example:99999",
        "ftp://x.example",
        "javascript:alert(1)",
        "'unsafe-inline'",
        "https://",
        "",
    )
    member = "0x" + "ab" * 20
    ticks = count(step=2 * FRESH_SECONDS)
    places = PagePlaces(chain, {member: "https://council.example"}, lambda: next(ticks))  # type: ignore[arg-type,dict-item]
    expected = ("https://keeper.example", "https://[::1]:8443", "https://council.example")
    assert places.origins() == expected
    chain.silent = True
    assert places.origins() == expected


class Hanging:
    """A chain that answers each question only when it is let."""

    def __init__(self) -> None:
        self.asked, self.reached, self.let = 0, threading.Event(), threading.Event()

    def committee(self, version: int | None = None) -> None:
        self.asked += 1
        self.reached.set()
        assert self.let.wait(60)


def test_pages_do_not_wait_for_a_chain_that_hangs() -> None:
    """W-17: everybody may ask for pages; one of them waits, and the others are served what is known."""
    chain, now = Hanging(), [0.0]
    places = PagePlaces(chain, {"0x": "https://council.example"}, lambda: now[0])  # type: ignore[arg-type,dict-item]
    chain.let.set()
    expected = ("https://council.example",)
    assert [places.origins() for _ in range(50)] == [expected] * 50 and chain.asked == 1
    now[0] += 2 * FRESH_SECONDS
    chain.let.clear()
    chain.reached.clear()
    waits = threading.Thread(target=places.origins)
    waits.start()
    assert chain.reached.wait(60)
    assert [places.origins() for _ in range(50)] == [expected] * 50 and chain.asked == 2
    chain.let.set()
    waits.join(60)
    assert places.origins() == expected and chain.asked == 2

"""Crowds of strangers ask the chain as one of them does (H-93)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import islice
from threading import Event
from typing import Any

import pytest

from consentry.chain.connection import Connection
from consentry.crypto.signatures import generate_account_key, sign_digest
from consentry.domain import fields
from consentry.domain.cids import raw_cid
from consentry.domain.erasure import ErasureOrder, OrderedEntry
from consentry.errors import ChainUnreachable, SignatureInvalid
from consentry.gateway import consortium, pages, readiness
from consentry.gateway.app import create_app
from consentry.ports.erasures import SignedOrder
from consentry.services import sign_in
from consentry.services.kept import PATIENCE_SECONDS
from consentry.services.obeying import obey
from consentry.services.sign_in import SignIn
from consentry.wallets.keyfile import Wallet
from tests.app.gateway.world import World
from tests.waiting import until

CROWD = 30
PATHS = ("/health", "/health/ready", "/api/network", "/api/members")


class Asked:
    """What a gateway asks its chain: how often, and how many at the same time. `problem` is what comes of it, if any."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, connection: Connection) -> None:
        self.times, self.under_way, self.most = 0, 0, 0
        self.problem: ChainUnreachable | None = None
        self.free = Event()
        self.free.set()
        real = connection.ask

        def ask(requests: Any) -> list[Any]:
            with self._counted():
                assert self.free.wait(60)
                if self.problem is not None:
                    raise self.problem
                return real(requests)

        monkeypatch.setattr(connection, "ask", ask)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self.times += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            yield
        finally:
            self.under_way -= 1


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("problem", [None, ChainUnreachable("silent")], ids=["answers", "fails"])
def test_a_crowd_asks_the_chain_once(
    world: World, monkeypatch: pytest.MonkeyPatch, path: str, problem: ChainUnreachable | None
) -> None:
    """H-93: those who come while the first one's question is under way take no turn, whatever comes of it."""
    gateway, now = world.mercy.gateway, [100.0]
    app = create_app(gateway)
    for one in (readiness, pages, consortium):
        one.install(app, gateway, lambda: now[0])
    monkeypatch.setattr(gateway.page.places, "ticks", lambda: now[0])
    asked = Asked(monkeypatch, gateway.ledger.connection)  # type: ignore[attr-defined]
    asked.problem = problem
    alone = app.test_client().get(path).status_code
    once, asked.times = asked.times, 0
    assert (alone, once > 0) == (200 if problem is None else 503, True)
    now[0] += 1  # what is kept is old: one asks, and the others are told what was found
    asked.free.clear()

    def get(number: int) -> int:
        return app.test_client().get(path).status_code

    with ThreadPoolExecutor(CROWD) as crowd:
        answers = [crowd.submit(get, number) for number in range(CROWD)]
        told = list(islice(as_completed(answers, timeout=60), CROWD - 1))
        asked.free.set()
        assert [one.result(60) for one in answers] == [alone] * CROWD
    assert len(told) == CROWD - 1 and 0 < asked.times <= once and asked.most == 1


@pytest.mark.parametrize("path", PATHS)
def test_a_silent_chain_holds_no_crowd(world: World, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """H-94: one waits for it; the others are told, by code, and leave the gateway its places."""
    gateway, now = world.mercy.gateway, [100.0]
    app = create_app(gateway)
    for one in (readiness, pages, consortium):
        one.install(app, gateway, lambda: now[0])
    asked = Asked(monkeypatch, gateway.ledger.connection)  # type: ignore[attr-defined]
    asked.free.clear()
    with ThreadPoolExecutor(1) as others:
        first = others.submit(lambda: app.test_client().get(path).status_code)
        try:
            until(lambda: asked.under_way == 1, "one that asks")
            now[0] += PATIENCE_SECONDS
            told = [app.test_client().get(path) for _ in range(CROWD)]
        finally:
            asked.free.set()
        assert first.result(60) == 200
    assert {one.status_code for one in told} == {503}
    code = told[0].json.get("code") or told[0].json["reasons"][0]
    assert code == ("unavailable" if path.startswith("/health") else "chain-unreachable")


def test_a_gateway_asks_about_strangers_beside_its_own_questions(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-95: at an endpoint these have turns of their own (test_light_anonymous.py)."""
    gateway, mallory = world.mercy.gateway, Wallet(generate_account_key())
    text = sign_in.challenge(mallory.address, gateway.signing_in)
    author = world.city.account.address
    entries = (OrderedEntry(raw_cid(b"\3" * 32), b"\4" * 32),)
    order = ErasureOrder(author, world.ledger.chain_id, entries, b"\1" * 32, b"\2" * 32, int(time.time()))
    asked = Asked(monkeypatch, gateway.ledger.connection)  # type: ignore[attr-defined]
    sign_in.sign_in(SignIn(text, fields.to_hex(mallory.sign_text(text))), gateway.signing_in)
    with pytest.raises(SignatureInvalid):
        obey(SignedOrder(order.raw, sign_digest(generate_account_key(), order.digest())), gateway.obeying)
    assert asked.times == 0

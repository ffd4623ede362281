"""Strangers who ask through a gateway without a node get little of it at a time, and take nothing from it (H-81, W-13)."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread, current_thread
from typing import Any, cast

import pytest

from consentry.chain.relayed import RelayedNode
from consentry.chain.rpc import AnswerHuge, Request, RpcError
from consentry.domain.grounds import Reason
from consentry.errors import ChainStale, ChainUnproven
from consentry.light import state
from consentry.light.beside import GAS, Beside
from consentry.light.connection import ProvenConnection
from consentry.services.chain_relay import RelayPorts, answer
from tests.app.light.conftest import Clinic
from tests.app.light.test_light_lies import granted


class Heard:
    """Answers whatever it is asked with as many bytes; `turns`: what was asked together."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.turns: list[list[Request]] = []

    def batch(self, wanted: Iterable[Request]) -> list[Any]:
        self.turns.append(list(wanted))
        return ["0" * self._size for _ in self.turns[-1]]


def test_each_question_has_its_turn_and_no_more_gas_than_strangers_get() -> None:
    """H-81: also where they name more themselves; what they ask besides stays as it is."""
    heard = Heard(10)
    asked = [{"to": "0x", "data": "0x"}, {"to": "0x", "gas": hex(GAS + 1)}, {"to": "0x", "gas": "0x5208"}]
    calls = [Request("eth_call", (one, "latest")) for one in asked]
    Beside("another member", heard.batch, 1_000).batch([*calls, Request("eth_blockNumber", ())])
    gas = [one.params[0]["gas"] for (one,) in heard.turns[:3]]
    assert gas == [hex(GAS), hex(GAS), "0x5208"]
    assert heard.turns[3] == [Request("eth_blockNumber", ())]


def test_answers_end_where_they_are_too_large_together() -> None:
    """W-13: what is left is not worked out."""
    heard = Heard(400)
    with pytest.raises(AnswerHuge):
        Beside("another member", heard.batch, 1_000).batch([Request("eth_getLogs", ({},))] * 20)
    assert len(heard.turns) == 3


def test_a_call_that_only_spends_is_ended(clinic: Clinic) -> None:
    """H-81: with gas to the last, of which a stranger has a twenty-fifth of what the gateway's own questions have."""
    rpc = clinic.rpc()
    call = granted(clinic, clinic.ledger())
    rpc.call("eth_blockNumber")
    asked = {
        "to": clinic.deployment.addresses[call.contract],
        "data": "0x" + call.data.hex(),
        "gas": "0x5dc0",
    }
    (answer,) = rpc.beside(most_answer_bytes=10_000).batch([Request("eth_call", (asked, "latest"))])
    assert isinstance(answer, RpcError)


def test_what_strangers_have_fetched_leaves_the_gateways_own_questions_their_room(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-81: at one head; and each question of theirs begins with nothing counted."""
    rpc, ledger = clinic.rpc(), clinic.ledger()
    call = granted(clinic, ledger)
    view = Request(
        "eth_call",
        ({"to": clinic.deployment.addresses[call.contract], "data": "0x" + call.data.hex()}, "latest"),
    )
    rpc.call("eth_blockNumber")
    beside = rpc.beside(most_answer_bytes=100_000)
    first = beside.batch([view])
    monkeypatch.setattr(state, "MOST_SLOTS", 0)
    with pytest.raises(ChainUnproven, match="slots of state"):
        rpc.beside(most_answer_bytes=100_000).batch([view])
    assert beside.batch([view] * 3) == first * 3, "what is kept is not fetched again"
    monkeypatch.setattr(state, "MOST_SLOTS", 2_000)
    assert rpc.batch([view]) == first
    assert ledger.ask(call) == (Reason.Permitted,)


def test_the_gateways_own_questions_wait_for_no_stranger(clinic: Clinic) -> None:
    """H-81: however long one of theirs takes; here the endpoint keeps its proof until the gateway has its own answer."""
    rpc = clinic.rpc()
    call = granted(clinic, clinic.ledger())
    asked = {"to": clinic.deployment.addresses[call.contract], "data": "0x" + call.data.hex()}
    view = Request("eth_call", (asked, "latest"))
    rpc.call("eth_blockNumber")  # as whoever relays checks the chain first
    held, answered, theirs = Event(), Event(), list[Any]()
    beside = rpc.beside(most_answer_bytes=100_000)
    stranger = Thread(target=lambda: theirs.extend(beside.batch([view] * 3)), daemon=True)

    def lie(request: Request, result: Any) -> Any:
        if current_thread() is stranger:
            held.set()
            answered.wait()
        return result

    clinic.endpoint.lie = lie
    stranger.start()
    assert held.wait(60)
    with ThreadPoolExecutor(1) as gateway:
        own = gateway.submit(rpc.batch, [view, Request("eth_blockNumber", ())])
        try:
            found = own.result(60)
        finally:
            answered.set()
    stranger.join(60)
    assert theirs == found[:1] * 3


def test_strangers_follow_nothing(clinic: Clinic) -> None:
    """H-81: so that blocks change under no question of the gateway's, and a batch costs the endpoint what is asked alone."""
    rpc = clinic.rpc()
    beside = rpc.beside(most_answer_bytes=100_000)
    with pytest.raises(ChainStale):
        beside.call("eth_blockNumber")
    head = rpc.call("eth_blockNumber")
    clinic.endpoint.asked.clear()
    assert beside.batch([Request("eth_blockNumber", ())] * 20) == [head] * 20
    assert not clinic.endpoint.asked
    clinic.clock.later = 3_600
    with pytest.raises(ChainStale, match="old"):
        beside.call("eth_blockNumber")


def test_a_strangers_newest_logs_take_no_turn_of_the_gateways(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """H-81: neither to learn which block is the newest nor to look again whose chain it is."""
    rpc = clinic.rpc(tmp_path / "book")
    connection = ProvenConnection(rpc, clinic.deployment)
    monkeypatch.setattr(connection, "_run", lambda: None)  # what it follows is no stranger's question
    monkeypatch.setattr(rpc, "batch", lambda wanted: pytest.fail("the gateway's own turn"))
    address = clinic.deployment.addresses["MemberRegistry"].lower()
    ports = RelayPorts(RelayedNode(connection), frozenset([address]))
    asked = {"jsonrpc": "2.0", "id": 1, "method": "eth_getLogs"}
    found = [
        answer(asked | {"params": [{"address": address, **blocks}]}, "network", ports)
        for blocks in ({}, {"fromBlock": "latest"}, {"fromBlock": "0x1", "toBlock": "finalized"})
    ]
    assert [len(cast(dict, one)["result"]) > 0 for one in found] == [False, False, True]

"""What one read needs not ask again, because an earlier one heard it at the very same block (D-1, D-4)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from consentry.chain.reading_view import MOST, AtHead
from consentry.chain.rpc import RpcClient
from consentry.domain.directory import SERVICE
from consentry.domain.ledger import ChainHead
from consentry.services.directory import attribute_value
from tests.app.chain.world import World

CID = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"


@contextmanager
def questions(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many round trips to the node there are."""
    asked: list[int] = []
    batch = RpcClient.batch

    def counted(self: RpcClient, wanted: object) -> object:
        asked.append(1)
        return batch(self, wanted)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(RpcClient, "batch", counted)
        yield asked


def test_view_asks_nothing_twice_at_one_block(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another read at the same head costs the question for the head alone."""
    ledger, patient = world.ledger, world.alice.address

    def look() -> tuple[object, ...]:
        began = time.monotonic()
        ledger.head()
        view = ledger.for_one_read(began)
        return view.members(), view.committee(), view.attributes(patient, SERVICE)

    first = look()
    with questions(monkeypatch) as asked:
        assert look() == first
    assert len(asked) == 1
    assert first == (ledger.members(), ledger.committee(), ledger.attributes(patient, SERVICE))


def test_view_sees_what_was_mined_before_the_read_began(world: World) -> None:
    """D-1, D-4: a new member and a new directory document are there at once, without anybody asking for the head before."""
    ledger, alice = world.ledger, world.alice
    view = ledger.for_one_read(time.monotonic())
    before, documents = view.members(), view.attributes(alice.address, SERVICE)
    new = world.actor()
    name = f"Laboratory {new.address[2:10]}"
    world.consortium.transact("MemberRegistry", "admit", new.address, name, "laboratory")
    name32 = SERVICE.encode("ascii").ljust(32, b"\0")
    alice.transact("IdentityRegistry", "setAttribute", alice.address, name32, attribute_value(CID), 10**9)
    later = ledger.for_one_read(time.monotonic())
    assert [one.name for one in later.members()] == [one.name for one in before] + [name]
    assert len(later.attributes(alice.address, SERVICE)) == len(documents) + 1
    assert later.chain_id == ledger.chain_id and later.committee(99) is None


def test_answers_are_of_one_head_and_bounded() -> None:
    """Another head asks anew; what was asked for longest ago goes first."""
    answers, asked = AtHead(lambda head: True), []
    a, b = (ChainHead(1, 0, one) for one in (b"a", b"b"))

    def answer(number: int) -> int:
        asked.append(number)
        return number

    for head in (a, a, b, a):
        answers.get(("question", ""), head, lambda: answer(0))
    assert len(asked) == 3
    for number in range(MOST):
        answers.get(("other", str(number)), a, lambda: answer(1))
    asked.clear()
    answers.get(("question", ""), a, lambda: answer(0))
    assert len(asked) == 1

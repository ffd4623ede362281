"""Directory documents that are stored here and never named: how many, how long, and who goes first (G-13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.domain import times
from consentry.errors import ChainUnreachable, HistoryTooLong, RateLimited, TransactionReverted
from consentry.index.gateway_store import GatewayStore
from consentry.index.staged import DeskStaged
from consentry.ports.staged import DAY, Room, Stage, Staged
from consentry.services import directory
from consentry.services.opening_directory import open_directory, store_document
from consentry.services.staged_documents import StagedDocuments
from tests.app.gateway.people import Person
from tests.app.gateway.renewing import Moved
from tests.app.gateway.test_gateway_directory import post, sign_next
from tests.app.gateway.test_gateway_positions import FailingSender
from tests.app.gateway.test_gateway_rotation import command, renew
from tests.app.gateway.world import World

Desk = Callable[..., StagedDocuments]


@pytest.fixture
def alice(world: World) -> Person:
    return world.patient(world.city)


@pytest.fixture
def desk(world: World, tmp_path: Any) -> Desk:
    """City's documents by a book of their own, at another time or with other room."""
    book = DeskStaged(GatewayStore(tmp_path / "desk.sqlite"))

    def made(ahead: int = 0, **room: int) -> StagedDocuments:
        return StagedDocuments(world.ledger, world.store, Moved(ahead), book, Room(**room))

    return made


def kept(world: World, patient: Person, staged: StagedDocuments) -> str:
    """A document that the patient signed for and that nobody relays."""
    ports = replace(world.city.gateway.directories, staged=staged)
    return store_document(command(patient, sign_next(world, patient)), ports).cid


def test_document_that_nobody_names_goes_after_a_day(world: World, alice: Person) -> None:
    """G-13: it is told until when it is kept; then it is deleted, and the patient's next one is as good as ever."""
    signed = sign_next(world, alice)
    told = post(alice, signed, "/api/directory/documents").json
    now = world.city.gateway.clock.now()
    assert DAY - 60 < times.seconds(told["keptUntil"], "keptUntil") - now <= DAY
    book, parts = DeskStaged(GatewayStore(Path(world.city.config.database))), world.city.gateway
    staged = StagedDocuments(parts.ledger, parts.store, Moved(DAY - 60), book)
    assert staged.sweep() == 0 and world.store.has(signed.cid)
    later = StagedDocuments(parts.ledger, parts.store, Moved(DAY + 60), book)
    assert later.sweep() == 1 and not world.store.has(signed.cid) and later.sweep() == 0
    assert renew(world, alice) == signed.version


def test_named_documents_stay_for_ever(world: World, alice: Person, desk: Desk) -> None:
    """G-13: also one that another gateway named, and one that a newer one has followed since."""
    first = sign_next(world, alice)
    ports = world.city.gateway.directories
    store_document(command(alice, first), replace(ports, staged=desk()))
    assert post(alice, first).status_code == 200
    renew(world, alice)
    assert desk(2 * DAY).sweep() == 0 and desk(2 * DAY).sweep() == 0
    past = directory.history(world.ledger, world.store, alice.wallet.address)
    assert first.cid in {one.cid for one in past.readable} and not past.problems


def test_one_patient_has_so_many_in_number_and_bytes(world: World, alice: Person, desk: Desk) -> None:
    """G-13: named ones count for their day; others' are not touched, and there is room again when the day is over."""
    bob = world.patient(world.city)
    own = kept(world, bob, desk(most_of_one=2))
    ports = replace(world.city.gateway.directories, staged=desk(most_of_one=2))
    open_directory(command(alice, sign_next(world, alice)), ports)
    second = kept(world, alice, desk(most_of_one=2))
    with pytest.raises(RateLimited) as refused:
        kept(world, alice, desk(most_of_one=2))
    assert DAY - 60 < refused.value.seconds <= DAY
    with pytest.raises(RateLimited):
        kept(world, bob, desk(bytes_of_one=200_000))
    assert world.store.has(own) and world.store.has(second)
    assert desk(DAY + 60).sweep() == 2
    assert world.store.has(kept(world, alice, desk(DAY + 60, most_of_one=2)))


@pytest.mark.parametrize("bound", ["number", "bytes"])
def test_in_all_the_oldest_goes_first_and_never_a_named_one(
    world: World, alice: Person, desk: Desk, bound: str
) -> None:
    """G-13: a flood of documents locks nobody out; what the chain names, by whichever gateway, is not pushed out."""
    crowd = [world.patient(world.city) for _ in range(3)]
    signed = sign_next(world, alice)
    room = {"most": 2} if bound == "number" else {"bytes": len(signed.document) * 5 // 2}
    store_document(command(alice, signed), replace(world.city.gateway.directories, staged=desk(**room)))
    oldest = kept(world, crowd[0], desk(1, **room))
    assert post(alice, signed).status_code == 200
    rest = [kept(world, one, desk(after, **room)) for after, one in enumerate(crowd[1:], 2)]
    assert world.store.has(signed.cid) and not world.store.has(oldest)
    assert all(map(world.store.has, rest))


def test_what_is_relayed_from_here_is_not_pushed_out(world: World, alice: Person, desk: Desk) -> None:
    """G-13: it may yet be mined; what the chain refused is one like the others."""
    ports, signed = world.city.gateway.directories, sign_next(world, alice)
    silent = FailingSender(ports.sender, before=[1])
    with pytest.raises(ChainUnreachable):
        open_directory(command(alice, signed), replace(ports, sender=silent, staged=desk(most=1)))
    others = [kept(world, world.patient(world.city), desk(after, most=1)) for after in (1, 2)]
    assert world.store.has(signed.cid) and [world.store.has(one) for one in others] == [False, True]
    desk().refused(signed.cid, TransactionReverted("IdentityNonceUsed"))
    third = kept(world, world.patient(world.city), desk(3, most=2))
    assert world.store.has(third) and not world.store.has(signed.cid)


def test_named_document_is_there_whatever_another_gateway_of_the_store_does(
    world: World, alice: Person, desk: Desk
) -> None:
    """G-13: which keeps a book of its own, and may make room just before the chain names the document."""
    ports, signed = world.city.gateway.directories, sign_next(world, alice)

    class Meanwhile:
        def __getattr__(self, name: str) -> Any:
            return getattr(ports.sender, name)

        def transact(self, *arguments: Any) -> Any:
            world.store.delete(signed.cid)
            return ports.sender.transact(*arguments)

    open_directory(command(alice, signed), replace(ports, sender=Meanwhile(), staged=desk()))
    assert directory.current(world.ledger, world.store, alice.wallet.address).cid == signed.cid


def test_history_that_nobody_follows_holds_up_nothing(world: World, alice: Person, desk: Desk) -> None:
    """G-13, K-5: whoever piles up changes after storing stops neither the sweep nor those who come next."""
    endless = kept(world, alice, desk(most=1))
    staged = desk(1, most=1)

    class Endless:
        def __getattr__(self, name: str) -> Any:
            return getattr(world.ledger, name)

        def latest_attribute(self, identity: str, name: str) -> Any:
            raise HistoryTooLong()

    staged._ledger = Endless()
    after = kept(world, world.patient(world.city), staged)
    assert world.store.has(after) and not world.store.has(endless)


def test_document_that_comes_again_is_kept_anew(world: World, alice: Person, desk: Desk) -> None:
    """G-13: its day begins again, and what was found due before is left alone then."""
    book = DeskStaged(GatewayStore(world.folder / "again.sqlite"))
    signed, patient = sign_next(world, alice), alice.wallet.address
    old = Staged(signed.cid, patient, len(signed.document), world.city.gateway.clock.now() - 2 * DAY)
    assert book.take(old, Room())
    again = StagedDocuments(world.ledger, world.store, Moved(0), book)
    again.keep(patient, signed.cid, signed.document)
    assert again.sweep() == 0 and not again._drop(old) and world.store.has(signed.cid)
    again.keep(patient, signed.cid, signed.document, Stage.NAMED)
    again.keep(patient, signed.cid, signed.document)
    assert book.oldest_kept() is None

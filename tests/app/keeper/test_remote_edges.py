"""What keepers agree on, what one keeper says by itself, and what a client remembers of them (design §7)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from consentry.domain.ledger import ChainHead, KeeperInfo
from consentry.errors import (
    ConsentryError,
    InputError,
    KeeperMisbehaved,
    KeepersInsufficient,
    KeeperUnreachable,
    LayoutInvalid,
    NoGround,
    RefusedError,
    RequestStale,
    by_code,
)
from consentry.ports.keeper_values import KeeperFailure, Opened, Short, SignedAsk
from consentry.remote.keepers import HttpKeepers
from consentry.remote.tally import Tally, said
from consentry.services.receipts import ReceiptsPage, open_receipts
from consentry.services.release_intake import Signed
from tests.app.keeper.keeper_network import Network, answering
from tests.app.keeper.odd_peers import LIMIT_SECONDS, becomes
from tests.app.keeper_world import NOW, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def network(world: World) -> Iterator[Network]:
    made = Network(world)
    yield made
    made.client.close()
    made.stop(*list(made.servers))


def test_ask_raises_what_keepers_agree_is_wrong_with_the_request(world: World, network: Network) -> None:
    """K-2: three of five say that it is stale, whatever the others say."""
    network.stop(0)
    network.replace(1, answering("200 OK", b"rubbish"))
    with pytest.raises(RequestStale):
        network.ask(world.request(issued_at=NOW - 100))


def test_ask_names_keepers_whose_chain_is_stale(world: World, network: Network) -> None:
    """K-11: unavailable, not refused."""
    world.ledger.head_at = ChainHead(7, NOW - 500, bytes(32))
    with pytest.raises(KeepersInsufficient, match="chain-stale"):
        network.ask(world.request())


def test_ask_asks_last_who_did_not_answer_lately(world: World, network: Network) -> None:
    """A dead keeper costs time once, not at every request: it is left out while the others suffice."""
    network.stop(0)
    network.ask(world.request())
    assert becomes(
        lambda: (
            [[one.seat for one in wave] for wave in network.client.waves(network.committee)]
            == [[1, 2, 3, 4], [0]]
        )
    )
    network.stop(1, 2)
    with pytest.raises(KeepersInsufficient):
        network.ask(world.request())
    assert sorted(one.seat for one in network.client.waves(network.committee)[0]) == [0, 1, 2, 3, 4]


def test_ask_goes_on_after_a_keeper_closed_a_kept_connection(world: World, network: Network) -> None:
    """Restarted keepers are asked again on a new connection."""
    network.ask(world.request())
    former = list(network.servers.values())
    network.stop(*range(5))
    for seat, server in enumerate(former):
        network.serve(seat, server.application, server.port)
    assert isinstance(network.ask(world.request()).outcomes[0], Opened)


def test_ask_refuses_more_items_than_a_request_holds(world: World, network: Network) -> None:
    """K-1."""
    ask = SignedAsk(b"{}", bytes(64), 101, {})
    with pytest.raises(LayoutInvalid):
        network.client.ask(ask, network.committee, lambda item, seat, share: share)


def test_receipts_brings_a_page_or_what_the_keeper_said(world: World, network: Network) -> None:
    """K-10."""
    network.ask(world.request())
    keepers = network.committee.keepers

    def page(keeper: KeeperInfo, signed: Signed) -> ReceiptsPage:
        answer = network.client.receipts(keeper, signed.request, signed.signature)
        return open_receipts(world.opener, signed.request, answer)

    pages = [page(one, world.signed_query(one.seat)) for one in keepers]
    assert sum(len(one.evidence) for one in pages) >= 3
    with pytest.raises(NoGround):
        page(keepers[0], world.signed_query(actor=world.account("dr_bose"), session=world.session()))
    network.stop(0)
    with pytest.raises(KeeperUnreachable):
        page(keepers[0], world.signed_query())
    network.replace(1, answering("200 OK", b"[]"))
    with pytest.raises(KeeperMisbehaved):
        page(network.committee.keepers[1], world.signed_query(1))


def test_tally_says_short_beside_opened() -> None:
    """G-3: what is technically incomplete is said, not taken for a refusal."""
    tally = Tally(2, 5, 3)
    for seat in range(3):
        tally.opened(0, seat, b"share")
    tally.opened(1, 0, b"share")
    tally.refused(1, 4)
    assert not tally.settled
    assert tally.result().outcomes[1] == Short(1, 3)


def test_ask_leaves_keepers_unasked_when_only_a_few_are_spare(world: World, network: Network) -> None:
    """K-28: three of five suffice; the others are asked when one of the three fails, before the time for a second wave."""
    network.client.close()
    network.client = HttpKeepers(timeout_seconds=LIMIT_SECONDS, spare=0, slow_seconds=60 * LIMIT_SECONDS)
    network.ask(world.request())
    assert sum(world.desk(seat).book.next_seq() for seat in range(5)) == 3
    network.stop(0, 1)
    for _ in range(4):
        assert isinstance(network.ask(world.request()).outcomes[0], Opened)


@pytest.mark.parametrize(("code", "expected"), [*by_code().items(), ("of-a-later-release", KeeperMisbehaved)])
def test_tally_agrees_on_any_code_that_keepers_may_say(code: str, expected: type[ConsentryError]) -> None:
    """K-2: also one whose class is made from other arguments than words; a code nobody knows says nothing."""
    tally = Tally(1, 5, 3)
    for seat in range(5):
        problem = said(code)
        assert type(problem) is expected
        tally.failed(KeeperFailure(seat, "host", problem.code, problem.diagnostics))
    refused = issubclass(expected, InputError | RefusedError)
    with pytest.raises(expected if refused else KeepersInsufficient):
        tally.result()

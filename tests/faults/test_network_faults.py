"""What networks do to answers, an endpoint that is gone, a clock that is wrong (specification K-11, S-1, D-6)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from consentry.errors import ConsentryError, KeepersInsufficient
from tests.faults.conftest import Exchange
from tests.faults.network import FaultyNetwork
from tests.faults.proxy import Answer, Change, unchanged
from tests.waiting import until

Seen = Callable[[str], None]
GONE_SECONDS = 30
THREE = ("mercy", "city", "regulator")
TWO = THREE[:2]


@pytest.fixture(autouse=True)
def honest_again(network: FaultyNetwork) -> Iterator[None]:
    yield
    for proxy in network.keeper_proxies.values():
        proxy.change, proxy.reachable = unchanged, True
    network.chain_proxy.change, network.chain_proxy.reachable = unchanged, True


def spoil(network: FaultyNetwork, change: Change, slugs: tuple[str, ...]) -> None:
    for slug in slugs:
        network.keeper_proxies[slug].change = change


def late(path: str, body: bytes, answer: Answer) -> Answer:
    time.sleep(5)  # longer than a gateway waits
    return answer


def cut(path: str, body: bytes, answer: Answer) -> Answer:
    return Answer(answer.status, answer.content_type, answer.body[: len(answer.body) // 2], len(answer.body))


def doubled(path: str, body: bytes, answer: Answer) -> Answer:
    return Answer(answer.status, answer.content_type, answer.body * 2)


@pytest.mark.parametrize("change", [late, cut, doubled])
def test_answers_of_keepers_are_spoilt(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], seen: Seen, change: Change
) -> None:
    """answers of keepers delayed, truncated, duplicated

    S-1: reading goes on while three are honest, and gives nothing wrong when only two are.
    """
    exchange = new_exchange(7.1)
    spoil(network, change, TWO)
    assert exchange.read() == [7.1]
    spoil(network, change, THREE)
    with pytest.raises(KeepersInsufficient):
        exchange.read()
    spoil(network, unchanged, THREE)
    assert until(lambda: exchange.read(), "reading again") == [7.1]
    seen(
        f"{change.__name__}: two of five cost nothing; with three `keepers-insufficient`; read again afterwards"
    )


def test_answers_are_swapped_between_patients(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], seen: Seen
) -> None:
    """answers of keepers swapped between patients

    K-7, L-20: a share sealed for one question opens under no other.
    """
    first, second = new_exchange(7.2), new_exchange(7.3)
    kept: dict[str, Answer] = {}

    def swapped(path: str, body: bytes, answer: Answer) -> Answer:
        return kept.setdefault(path, answer)

    spoil(network, swapped, TWO)
    assert (first.read(), second.read()) == ([7.2], [7.3])
    spoil(network, swapped, THREE)
    with pytest.raises(KeepersInsufficient):
        second.read()
    seen("nobody got another patient's record; two swapping keepers cost nothing")


def test_chain_endpoint_is_gone(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], seen: Seen
) -> None:
    """chain endpoint gone for 30 s

    K-11: nothing is released on an old view; afterwards everything goes on by itself.
    """
    exchange = new_exchange(7.4)
    network.chain_proxy.reachable = False
    ends = time.monotonic() + GONE_SECONDS
    refusals = set()
    while time.monotonic() < ends:
        with pytest.raises(ConsentryError) as refused:
            exchange.read()
        refusals.add(refused.value.code)
        time.sleep(1)
    with pytest.raises(ConsentryError):
        exchange.publish(7.5)
    network.chain_proxy.reachable = True

    def read() -> list[float]:
        try:
            return exchange.read()
        except ConsentryError:
            return []

    assert until(read, "reading again") == [7.4]
    exchange.publish(7.5)
    assert exchange.read() == [7.4, 7.5]
    seen(f"refused with {', '.join(sorted(refusals))}; afterwards read and published without a restart")


@pytest.mark.parametrize(("minutes", "code"), [(10, "chain-stale"), (-10, "clock-off")])
def test_clock_of_a_keeper_is_wrong(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], seen: Seen, minutes: int, code: str
) -> None:
    """one keeper's clock 10 minutes off

    K-11: it refuses and says so; the others serve. A clock that is ahead looks like a chain that is late.
    """
    exchange = new_exchange(7.6)
    with network.with_fault("keeper-council", "--clock", str(60 * minutes), serves=False):
        told = network.health_of("council")
        assert exchange.read() == [7.6]
    assert not told["ok"] and told["reasons"] == [code]
    assert exchange.read() == [7.6]
    seen(f"{minutes:+} minutes: it says {', '.join(told['reasons'])}; reading went on")

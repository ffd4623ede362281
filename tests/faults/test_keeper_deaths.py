"""A keeper is killed at the worst moments, its disk fills, its clock is wrong (specification K-6, K-7, K-9, K-11, A-1)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from consentry.domain.addresses import Address
from consentry.domain.receipts import Receipt
from tests.faults.conftest import Exchange
from tests.faults.network import FaultyNetwork
from tests.faults.proxy import Answer, unchanged
from tests.waiting import until

Seen = Callable[[str], None]


def receipts_of(network: FaultyNetwork, slug: str) -> list[Receipt]:
    """The keeper's own book, in order."""
    path = network.place.keeper(slug) / "receipts.sqlite"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as book:
        rows = book.execute("SELECT seq, body FROM receipts ORDER BY seq").fetchall()
    receipts = [Receipt.parse(body) for _, body in rows]
    assert [seq for seq, _ in rows] == [one.seq for one in receipts] == list(range(len(rows))), "a gap"
    return receipts


def account_of_keeper(network: FaultyNetwork, slug: str) -> Address:
    committee = network.ledger.committee()
    assert committee is not None
    return Address(next(one.account for one in committee.keepers if one.url == network.keepers[slug]))


def all_committed(network: FaultyNetwork, slug: str) -> int:
    """How many receipts of this keeper the chain fixes, once it is all of them."""
    keeper = account_of_keeper(network, slug)
    return until(
        lambda: (
            count if (count := network.ledger.next_seq_of(keeper)) == len(receipts_of(network, slug)) else 0
        ),
        f"the commit of all receipts of {slug}",
    )


def test_keeper_dies_between_receipt_and_share(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], tmp_path: Path, seen: Seen
) -> None:
    """kill -9 of a keeper between receipt and share

    K-6: the receipt is there although no share left; K-7: asked again it gives the share.
    """
    exchange = new_exchange(5.1)
    before = len(receipts_of(network, "mercy"))
    with network.dying(
        "keeper-mercy", "consentry.services.release:seal_released", tmp_path / "armed"
    ) as died:
        assert exchange.read() == [5.1], "the other four serve"
        died()
        orphaned = receipts_of(network, "mercy")[before:]
        assert [one.decision for one in orphaned] == ["released"]
    assert exchange.read() == [5.1]
    committed = all_committed(network, "mercy")
    seen(
        f"read by the others; its receipt stood, no share left; {committed} receipts without a gap, all on chain"
    )


def test_keeper_dies_between_commit_and_note(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], tmp_path: Path, seen: Seen
) -> None:
    """kill -9 of a keeper between commit sent and recorded

    A-1: after the start it finds its commit on the chain and goes on behind it.
    """
    exchange = new_exchange(5.2)
    place = "consentry.keeper.store:SqlReceiptBook.note"
    with network.dying("keeper-city", place, tmp_path / "armed") as died:
        exchange.read()
        died()
    exchange.read()
    committed = all_committed(network, "city")
    seen(f"it found the commit on chain after its start; {committed} receipts, every range once")


@contextmanager
def shares_from(network: FaultyNetwork, slug: str) -> Iterator[list[str]]:
    """Every share that leaves this keeper, as it passes the proxy."""
    given: list[str] = []
    proxy = network.keeper_proxies[slug]

    def listen(path: str, body: bytes, answer: Answer) -> Answer:
        if answer.status == 200 and path == "/release":
            given.extend(item["share"] for item in json.loads(answer.body)["items"] if "share" in item)
        return answer

    proxy.change = listen
    try:
        yield given
    finally:
        proxy.change = unchanged


def test_disk_of_a_keeper_is_full(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], seen: Seen
) -> None:
    """disk full at a keeper

    K-6: no share without a receipt; others serve, and it serves again once there is room.
    """
    exchange = new_exchange(5.3)
    folder = network.place.keeper("trustee")
    before = len(receipts_of(network, "trustee"))
    network.processes["keeper-trustee"].stop()
    size = max(path.stat().st_size for path in folder.iterdir())
    with (
        network.with_fault("keeper-trustee", "--file-limit", str(size)),
        shares_from(network, "trustee") as given,
    ):
        for _ in range(3):
            assert exchange.read() == [5.3]
        full = len(receipts_of(network, "trustee"))
    assert len(given) <= full - before, "a share without a receipt"
    exchange.read()
    until(lambda: len(receipts_of(network, "trustee")) > full, "a receipt of a keeper with room again")
    committed = all_committed(network, "trustee")
    seen(
        f"while full it filed {full - before} receipts and gave {len(given)} shares; reading went on; {committed} in order"
    )

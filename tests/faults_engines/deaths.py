"""A gateway that dies at each step of publishing, whatever store and database it has (specification G-1, H-75, H-85)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from consentry.domain.ledger import AnchorEvent
from consentry.errors import ConsentryError, UnavailableError
from tests.faults.conftest import Exchange
from tests.faults.network import BreakableNetwork
from tests.faults_engines.validators import publish
from tests.waiting import until

_BOOK = "consentry.index.author:SqlPublications"
_SEND = "consentry.chain.attempts:Attempts.send"


@dataclass(frozen=True)
class Step:
    """Death `before` or `after` (moment) the call of `place`. `kept`: the author's book has what is published by then, which is
    completed without being sent again."""

    words: str
    place: str
    moment: str
    kept: bool


def steps(store: str) -> tuple[Step, ...]:
    """In their order. `store`: the class that stores contents, as `module:Class`."""
    return (
        Step("before storing", f"{store}.put_many", "before", kept=False),
        Step("contents stored", f"{store}.put_many", "after", kept=False),
        Step("entries stored, not noted", f"{_BOOK}.store", "before", kept=False),
        Step("noted, waiting for its batch", f"{_BOOK}.store", "after", kept=True),
        Step("manifest stored, batch not noted", f"{_BOOK}.batch", "before", kept=True),
        Step("batch noted", f"{_BOOK}.batch", "after", kept=True),
        Step("signed, not sent", _SEND, "before", kept=True),
        Step("sent", _SEND, "after", kept=True),
        Step("anchored, not noted", f"{_BOOK}.anchored", "before", kept=True),
        Step("anchored and noted", f"{_BOOK}.anchored", "after", kept=True),
    )


def dies_at_each(
    network: BreakableNetwork,
    exchange: Exchange,
    expected: list[float],
    chosen: tuple[Step, ...],
    armed: Path,
) -> None:
    """Mercy's gateway publishes a record into a death at each step; each time all of them are read, beginning with `expected`."""
    for step in chosen:
        value = round(expected[-1] + 0.1, 1)
        expected = [*expected, value]
        height = network.ledger.head().number
        sent = transactions(network)
        with network.dying("gateway-mercy", step.place, armed, after=step.moment == "after") as died:
            with pytest.raises(ConsentryError):
                exchange.publish(value)
            died()
        if not step.kept:
            publish(exchange, value)
        await_read(exchange, expected, step.words)
        whole(network, exchange, height, sent, value)
        await_read(exchange, expected, step.words)


def await_read(exchange: Exchange, expected: list[float], words: str) -> None:
    """Each record, once, and no word of anything that is missing. A gateway or keeper that cannot yet says so, and is asked
    again."""

    def read() -> bool:
        with suppress(UnavailableError):
            return exchange.read_with_warnings() == (expected, [])
        return False

    until(read, f"each record, once; {words}")


def whole(network: BreakableNetwork, exchange: Exchange, height: int, sent: int, value: float) -> None:
    """One record on chain since that block, by one transaction; the same again is nothing new."""
    publish(exchange, value)
    anchors = anchors_since(network, height)
    assert [one.count for one in anchors] == [1] and transactions(network) == sent + 1


def anchors_since(network: BreakableNetwork, height: int) -> list[AnchorEvent]:
    return list(network.ledger.anchors(height + 1, network.ledger.head().number))


def transactions(network: BreakableNetwork) -> int:
    """Of Mercy's account, those too that no block has yet."""
    account = network.members["mercy"].account
    return int(network.connection.rpc.call("eth_getTransactionCount", account, "pending"), 16)

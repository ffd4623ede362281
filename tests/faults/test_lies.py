"""Keepers that lie, authors that spoil their own shares, members that copy what others made (specification S-1, S-2, D-2, L-8)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from consentry.demo.actors import Patient
from consentry.domain.addresses import Address
from consentry.domain.entries import Manifest, Row
from consentry.errors import ConsentryError, KeepersInsufficient
from tests.faults.conftest import Exchange, warnings
from tests.faults.network import FaultyNetwork

Seen = Callable[[str], None]


@contextmanager
def lying(network: FaultyNetwork, *slugs: str) -> Iterator[None]:
    with ExitStack() as stack:
        for slug in slugs:
            stack.enter_context(network.with_fault(f"keeper-{slug}", "--lie"))
        yield


def test_two_keepers_lie(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], seen: Seen
) -> None:
    """n − t keepers lying, and one more

    S-1: two lies of five cost nothing; three make the record unreadable, and nothing false is shown.
    """
    exchange = new_exchange(8.1)
    with lying(network, "mercy", "trustee"):
        assert exchange.read() == [8.1]
        with lying(network, "council"), pytest.raises(KeepersInsufficient):
            exchange.read()
        assert exchange.read() == [8.1]
    seen("two lying keepers of five: read all the same; three: `keepers-insufficient`, nothing false")

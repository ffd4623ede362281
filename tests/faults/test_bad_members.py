"""A member that anchors what isn't its own, or isn't at all (specification D-2, D-6, R-1)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from hashlib import sha256

import pytest

from consentry.domain.cids import raw_cid
from consentry.domain.entries import Manifest, Row
from consentry.errors import TransactionReverted
from tests.faults.bad_author import BadAuthor
from tests.faults.conftest import Exchange
from tests.faults.network import FaultyNetwork

Seen = Callable[[str], None]


def manifest_of_last_anchor(network: FaultyNetwork, author: BadAuthor) -> Manifest:
    anchor = list(network.ledger.anchors(0, network.ledger.head().number))[-1]
    return Manifest.parse(b"".join(author.store.get(raw_cid(anchor.manifest_digest), max_bytes=2**20)))


def read_but_for_city(exchange: Exchange) -> tuple[list[float], list[str]]:
    """What is read, and what is said to be missing of anybody but City, whose missing manifests are said for an hour."""
    values, missing = exchange.read_with_warnings()
    return values, [one for one in missing if "City Hospital" not in one]


def test_member_copies_a_pending_root(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], seen: Seen
) -> None:
    """a member that anchors another's root first

    R-1, D-2: anchors belong to (author, root); the true author's is neither blocked nor shadowed.
    """
    exchange = new_exchange(8.7)
    mercy, city = BadAuthor(network, "mercy"), BadAuthor(network, "city")
    entry = mercy.sealed(exchange.patient.patient, 8.8)
    rows = mercy.rows(entry)
    manifest = Manifest(mercy.author.address, tuple(rows))
    city.anchor_root(manifest.root(), sha256(manifest.to_bytes()).digest(), len(rows))
    assert exchange.read() == [8.7]
    mercy.anchor(rows)
    assert exchange.read() == [8.7, 8.8]
    seen("the copy counts for nobody; the author anchored the same root afterwards and was read")


def test_member_squats_tags(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], seen: Seen
) -> None:
    """a member that files rubbish under another's tags, used ones and the next ones

    D-2: an entry counts only in a manifest of the author whose channel the tag belongs to.
    """
    exchange = new_exchange(8.9)
    mercy, city = BadAuthor(network, "mercy"), BadAuthor(network, "city")
    used = manifest_of_last_anchor(network, mercy)
    coming = mercy.rows(mercy.sealed(exchange.patient.patient, 9.1))
    rubbish = city.store.put([secrets.token_bytes(6_000)]).cid
    city.anchor([Row(one.tag, rubbish, secrets.token_bytes(32)) for one in (*used.rows, *coming)])
    assert read_but_for_city(exchange) == ([8.9], [])
    mercy.anchor(coming)
    assert read_but_for_city(exchange) == ([8.9, 9.1], [])
    seen("read as if the squatter were not there, without a word about the author")


def test_member_anchors_what_is_not_there(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], seen: Seen
) -> None:
    """a member that anchors manifests that are nowhere, and a million entries

    D-6: the contract takes at most 100 a root; others' records are read at once, and the culprit is named.
    """
    exchange = new_exchange(9.2)
    city = BadAuthor(network, "city")
    with pytest.raises(TransactionReverted) as refused:
        city.anchor_root(secrets.token_bytes(32), secrets.token_bytes(32), 1_000_000)
    for _ in range(5):
        city.anchor_root(secrets.token_bytes(32), secrets.token_bytes(32), 100)
    exchange.publish(9.3)
    values, missing = exchange.read_with_warnings()
    assert values == [9.2, 9.3]
    assert all("City Hospital" in one for one in missing), missing
    seen(f"a million: {refused.value.name}; read at once; said: {'; '.join(missing) or 'nothing'}")

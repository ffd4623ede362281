"""Publishing that fails wherever it may loses nothing once it has been repeated (D-3, G-1)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentry.errors import ChainUnreachable, StoreUnreachable
from consentry.fhir.validate import parse_bundle
from consentry.ports import StoredBlob
from consentry.services.publish import PublishBundle, PublishPorts, publish
from tests.app.gateway.content import OBSERVATION
from tests.app.gateway.filing import reads
from tests.app.gateway.people import Person
from tests.app.gateway.world import World

MANY = 18  # more than a reader looks past


class FailingStore:
    """A real store that is full at chosen puts."""

    def __init__(self, store: Any, at: Iterable[int]) -> None:
        self._store, self._at, self.puts = store, set(at), 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put(self, chunks: Iterable[bytes]) -> StoredBlob:
        self.puts += 1
        if self.puts in self._at:
            raise StoreUnreachable("full")
        stored: StoredBlob = self._store.put(chunks)
        return stored

    def put_many(self, contents: Iterable[Iterable[bytes]]) -> tuple[StoredBlob, ...]:
        return tuple(self.put(chunks) for chunks in contents)


class FailingSender:
    """A real sender whose node goes away before some transactions, and after others."""

    def __init__(self, sender: Any, before: Iterable[int] = (), after: Iterable[int] = ()) -> None:
        self._sender, self._before, self._after, self.sent = sender, set(before), set(after), 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sender, name)

    def transact(self, *arguments: Any) -> Any:
        self.sent += 1
        if self.sent in self._before:
            raise ChainUnreachable()
        receipt = self._sender.transact(*arguments)
        if self.sent in self._after:
            raise ChainUnreachable()
        return receipt


def results(*values: float) -> bytes:
    """A bundle with one laboratory record for each value."""
    entries: list[dict[str, Any]] = [{"resource": {"resourceType": "Patient", "id": "p"}}]
    for at, value in enumerate(values):
        observation = {
            "resourceType": "Observation",
            "id": f"o{value}",
            "status": "final",
            "category": [{"coding": [{"system": OBSERVATION, "code": "laboratory"}]}],
            "code": {"text": "Glucose"},
            "subject": {"reference": "Patient/p"},
            "effectiveDateTime": f"2026-05-{at % 28 + 1:02d}T08:00:00Z",
            "valueQuantity": {"value": value, "unit": "mmol/L"},
        }
        entries.append({"resource": observation})
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def patient(world: World) -> Person:
    somebody = world.patient(world.mercy)
    somebody.open_session("PATRQT")
    return somebody


def publishes(world: World, who: Person, bundle: bytes, **ports: Any) -> bool:
    """Whether it came to its end."""
    parts = world.mercy.gateway
    changed: PublishPorts = replace(parts.publishing, **ports)
    try:
        publish(PublishBundle(who.wallet.address, parse_bundle(bundle)), parts.author, changed)
    except (StoreUnreachable, ChainUnreachable):
        return False
    return True


def values(world: World, who: Person) -> list[float]:
    """The laboratory values that a reader finds."""
    found = reads(world.mercy, who)
    assert found.incomplete == ()
    kept = [
        one["resource"]["valueQuantity"]["value"]
        for record in found.records
        for one in json.loads(record.content)["entry"]
        if "valueQuantity" in one["resource"]
    ]
    return sorted(kept)


def distinct(count: int) -> list[float]:
    return sorted({secrets.randbelow(10**9) / 1000 for _ in range(count)})


@pytest.mark.parametrize("failing", ["last entry", "every entry", "manifest"])
def test_bundle_of_many_records_is_complete_when_repeated(world: World, failing: str) -> None:
    """D-3, G-1: also after more failures than a reader looks past positions."""
    alice, wanted = patient(world), distinct(MANY)
    bundle, counted = results(*wanted), FailingStore(world.store, ())
    bob = patient(world)
    assert publishes(world, bob, bundle, store=counted)
    puts = counted.puts
    # all contents, then all entries, then the manifest
    at = {"last entry": [puts - 1], "every entry": range(puts // 2 + 1, puts), "manifest": [puts]}[failing]
    for place in at:
        assert not publishes(world, alice, bundle, store=FailingStore(world.store, [place]))
    assert publishes(world, alice, bundle)
    assert values(world, alice) == wanted == values(world, bob)


def test_other_content_is_found_after_a_bundle_that_was_never_repeated(world: World) -> None:
    """D-3: what an attempt took and did not anchor is anchored before anything later."""
    alice, lost, later = patient(world), distinct(MANY), distinct(1)
    sender = FailingSender(world.mercy.gateway.publishing.sender, before=[1])
    assert not publishes(world, alice, results(*lost), sender=sender)
    assert values(world, alice) == []
    assert publishes(world, alice, results(*later))
    assert values(world, alice) == sorted(lost + later)


failures = st.lists(
    st.tuples(
        st.integers(1, 5),
        st.sets(st.integers(1, 12), max_size=2),
        st.sampled_from(["", "before", "after"]),
    ),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(failures)
def test_nothing_is_lost_whatever_fails(world: World, attempts: list[tuple[int, set[int], str]]) -> None:
    """D-3, G-1: bundles of any size fail at any put or transaction; after the next success a reader finds every record
    once, and nothing of it twice on chain when all are repeated."""
    alice, bundles = patient(world), [distinct(size) for size, _, _ in attempts]
    parts = world.mercy.gateway
    for wanted, (_, puts, chain) in zip(bundles, attempts, strict=True):
        sender = FailingSender(parts.publishing.sender, **({chain: [1]} if chain else {}))
        publishes(world, alice, results(*wanted), store=FailingStore(world.store, puts), sender=sender)
    for wanted in bundles:
        assert publishes(world, alice, results(*wanted))
    assert values(world, alice) == sorted(one for wanted in bundles for one in wanted)
    head = world.ledger.head().number
    for wanted in bundles:
        assert publishes(world, alice, results(*wanted))
    assert list(world.ledger.anchors(head + 1, world.ledger.head().number)) == []

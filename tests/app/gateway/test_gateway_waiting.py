"""Records of a patient without a directory wait with their author, and are filed when it opens (D-9, D-10)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from consentry.errors import ChainUnreachable, StoreUnreachable
from consentry.services import directory
from tests.app.gateway.databases import another_gateway
from tests.app.gateway.filing import reads
from tests.app.gateway.test_gateway_positions import FailingSender, FailingStore
from tests.app.gateway.waiting import NOTE, Waiting, ids, statuses, without_directory
from tests.app.gateway.world import World


@pytest.fixture
def alice(world: World) -> Waiting:
    return without_directory(world)


def test_publish_keeps_what_cannot_be_filed(world: World, alice: Waiting) -> None:
    """D-9: 202 with an informational outcome, nothing on chain; the same again is the same records."""
    head = world.ledger.head().number
    answer = alice.publish()
    assert statuses(answer) == {"202"} and len(answer["entry"]) == 3
    outcome = answer["entry"][0]["response"]["outcome"]
    assert outcome["issue"][0]["severity"] == "information" and "3 records wait" in str(outcome)
    get_fhir_model_class("Bundle").model_validate(answer)
    again = alice.publish()
    assert (ids(again), statuses(again)) == (ids(answer), {"202"})
    assert list(world.ledger.anchors(head + 1, world.ledger.head().number)) == []
    assert alice.ports.waiting.summary().records >= 3


def test_nothing_readable_is_kept_meanwhile(world: World, alice: Waiting) -> None:
    """D-9, P-1: neither content nor what a header says of it, in the database or the store."""
    record_id = bytes.fromhex(ids(alice.publish())[0][2:])
    database = Path(world.mercy.config.database)
    files = [path for path in database.parent.glob(f"{database.name}*") if path.is_file()]
    files += [path for path in (world.folder / "store").rglob("*") if path.is_file()]
    text = b"".join(path.read_bytes() for path in files)
    assert record_id in text, "it looked where the records are kept"
    for secret in (NOTE.encode(), b"Liddell", alice.mrn.encode(), b"psychiatric", b"keyCommitment"):
        assert secret not in text


def test_waiting_records_are_filed_when_the_directory_opens(world: World, alice: Waiting) -> None:
    """D-9, D-10: under the ids that were told, once, and known when they are published again."""
    wanted = ids(alice.publish())
    assert alice.file() == 0
    alice.open()
    assert alice.file() == 3 and alice.file() == 0
    assert alice.found() == wanted
    again = alice.publish()
    assert (ids(again), statuses(again)) == (wanted, {"200"})
    assert alice.ports.waiting.find([one.content_id for one in alice.ports.publications.unfinished()]) == {}


def test_publishing_again_files_at_once(world: World, alice: Waiting) -> None:
    """D-9: with an open directory nothing is left for the background; what has changed comes along, and is what is read."""
    first = ids(alice.publish())
    alice.open()
    again = alice.publish()
    assert (ids(again), statuses(again)) == (first, {"200"})
    more = alice.publish(note="another")
    assert "201" in statuses(more)
    assert alice.found() == sorted(ids(more)) and alice.file() == 0


def test_waiting_survives_a_restart(world: World, alice: Waiting) -> None:
    """D-10: another process on the same database goes on."""
    wanted = ids(alice.publish())
    alice.open()
    with another_gateway(world, world.mercy, Path(world.mercy.config.database)) as restarted:
        assert alice.file(restarted) == 3
    assert alice.found() == wanted and alice.file() == 0


@pytest.mark.parametrize("failing", ["first entry", "last entry", "manifest", "before", "after"])
def test_failure_while_filing_loses_and_doubles_nothing(world: World, alice: Waiting, failing: str) -> None:
    """D-10, D-3: at any put or transaction."""
    wanted = ids(alice.publish())
    alice.open()
    put = {"first entry": 1, "last entry": 3, "manifest": 4}.get(failing)
    changes: dict[str, Any] = {"store": FailingStore(world.store, () if put is None else (put,))}
    if put is None:
        changes["sender"] = FailingSender(alice.ports.sender, **{failing: [1]})
    with pytest.raises((StoreUnreachable, ChainUnreachable)):
        alice.file(**changes)
    alice.file()
    assert alice.found() == wanted and alice.file() == 0
    assert statuses(alice.publish()) == {"200"}


def test_records_wait_for_a_document_that_nobody_has(world: World, alice: Waiting) -> None:
    """D-9: a directory that is named and cannot be read is none to file in; the next one is."""
    alice.open()
    lost = directory.current(world.ledger, world.store, alice.who.wallet.address).cid
    world.store.delete(lost)
    wanted = ids(alice.publish())
    assert alice.file() == 0 and statuses(alice.publish()) == {"202"}
    alice.open()
    assert alice.file() == 3
    reading = reads(world.mercy, alice.who)
    assert sorted("0x" + one.header.record_id.hex() for one in reading.records) == wanted


def test_desk_sees_how_many_wait(world: World, alice: Waiting) -> None:
    """D-10: counts for the member's own system, and for nobody else."""
    before = world.mercy.send("GET", "/api/publications").json["waiting"]
    alice.publish()
    told = world.mercy.send("GET", "/api/publications").json
    assert told["waiting"]["records"] == before["records"] + 3
    assert told["waiting"]["patients"] == before["patients"] + 1 and told["waiting"]["since"]
    assert (told["unanchored"], told["problem"]) == (0, None)
    assert alice.who.send("GET", "/api/publications").status_code == 403
    assert alice.mrn not in json.dumps(told) and alice.who.wallet.address not in json.dumps(told)

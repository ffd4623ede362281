"""Who took a record back, when and why: the hospital's own people can always tell (D-20)."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.domain import times
from consentry.domain.retraction import CHOSEN, MAY_RETRACT, Why
from consentry.domain.roles import Role
from consentry.errors import ChainUnreachable
from consentry.index.author import SqlPublications
from consentry.ports.versions import Changes, Ended, Noted, Standing
from consentry.services.retraction import RetractRecord, retract
from tests.app.gateway.documents import Desk, diagnosis, record, result
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_positions import FailingSender
from tests.app.gateway.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def asked(of: Any, record_id: str, reason: Any = "wrong-patient") -> Any:
    return of.send("POST", "/api/records/retractions", {"record": record_id, "reason": reason})


def told(of: Any, query: str = "") -> Any:
    return of.send("GET", f"/api/records/retractions{query}").json


def test_it_is_noted_who_retracted_what_when_and_why(desk: Desk, world: World) -> None:
    """D-20: a person by the account, a system by its name; the last first; asking again changes nothing."""
    (first,), (second,) = desk.publishes(result(7.1)), desk.publishes(result(3.0, "o2"))
    dr_bose, before = world.staff(desk.mercy), int(time.time())
    assert asked(dr_bose, record(first)).status_code == 200
    assert asked(desk.mercy, record(second), "duplicate").status_code == 200
    assert asked(desk.mercy, record(first), "legal-order").status_code == 200
    newest, older, *_ = told(dr_bose)["retractions"]
    assert (newest["record"], newest["by"], newest["reason"]) == (record(second), "client:his", "duplicate")
    assert (older["record"], older["by"], older["reason"]) == (
        record(first),
        dr_bose.wallet.address,
        "wrong-patient",
    )
    assert before <= times.seconds(older["at"], "at") <= time.time() + 1
    assert told(desk.mercy, f"?record={record(first)}") == {"retractions": [older], "next": None}
    assert told(desk.mercy, f"?record=0x{'7' * 64}")["retractions"] == []


def test_a_reason_is_a_code_that_somebody_chooses(desk: Desk) -> None:
    """D-20: no free words, in which a patient may stand; none of those that follow from what was done."""
    (first,) = desk.publishes(result(7.1))
    for wrong in ("", "because of Mrs. Smith", None, *sorted(set(Why) - set(CHOSEN))):
        assert asked(desk.mercy, record(first), wrong).status_code == 400
    missing = desk.mercy.send("POST", "/api/records/retractions", {"record": record(first)})
    assert missing.status_code == 400 and told(desk.mercy, f"?record={record(first)}")["retractions"] == []


def test_who_writes_no_records_takes_none_back(desk: Desk, world: World) -> None:
    """D-20: by the role that the chain knows; a patient and another hospital see nothing of it either."""
    (first,) = desk.publishes(result(7.1))
    assert {Role.INTERN, Role.RESEARCHER, Role.CLAIMS, Role.AUDITOR} == set(Role) - MAY_RETRACT
    for role in sorted(set(Role) - MAY_RETRACT):
        refused = asked(world.staff(desk.mercy, role), record(first))
        assert (refused.status_code, refused.json["code"]) == (403, "role-writes-nothing")
    auditor = world.staff(desk.mercy, "auditor")
    assert told(auditor, f"?record={record(first)}")["retractions"] == []
    assert asked(world.staff(desk.mercy, "nurse"), record(first)).status_code == 200
    assert len(told(auditor, f"?record={record(first)}")["retractions"]) == 1
    stranger: Person = desk.patient
    assert stranger.send("GET", "/api/records/retractions").status_code == 403
    assert told(world.city, f"?record={record(first)}")["retractions"] == []


def test_what_a_correction_takes_back_is_noted_too(desk: Desk, world: World) -> None:
    """D-20, D-15: whoever published what moved it."""
    (first,) = desk.publishes(diagnosis("I10"))
    desk.publishes(diagnosis("F32.1"))
    (noted,) = told(desk.mercy, f"?record={record(first)}")["retractions"]
    assert (noted["by"], noted["reason"]) == ("client:his", "corrected")


def test_it_is_noted_before_the_chain_is_told(desk: Desk) -> None:
    """D-20: whatever fails from there on."""
    (first,) = desk.publishes(result(7.1))
    parts, record_id = desk.mercy.gateway, bytes.fromhex(record(first)[2:])
    ports = replace(parts.publishing, sender=FailingSender(parts.publishing.sender, before=[1]))
    with pytest.raises(ChainUnreachable):
        retract(RetractRecord(record_id, "client:his", Why.DUPLICATE), parts.author, ports)
    noted = parts.publishing.publications.versions.retraction_of(record_id)
    assert noted is not None and noted.noted.by == "client:his"


def test_there_are_pages_of_them(tmp_path: Path) -> None:
    """D-20: by number, the last first; a book of an earlier release opens, and knows of none."""
    path, ids = tmp_path / "author.sqlite", [bytes((n,)) * 32 for n in range(5)]
    SqlPublications(path).database.close()
    with closing(sqlite3.connect(path)) as file:
        file.execute("DROP TABLE retractions")
        file.execute("DROP TABLE schema_author")
    book = SqlPublications(path).versions
    assert book.retractions(None, 9) == ()
    for one in ids:
        ended = (Ended(one, Standing.RETRACTING),)
        book.note(Changes(ended=ended, noted=Noted("client:his", 7, Why.DUPLICATE)))
        book.note(Changes(ended=ended, noted=Noted("client:other", 8, Why.UNSTATED)))
    first = book.retractions(None, 3)
    rest = book.retractions(first[-1].number, 3)
    assert [one.record_id for one in (*first, *rest)] == ids[::-1]
    assert {one.noted for one in first} == {Noted("client:his", 7, Why.DUPLICATE)}


@pytest.mark.parametrize("before", ["-1", "x", "", "9" * 19, "\u0661"])
def test_a_page_starts_where_the_last_one_ended(desk: Desk, before: str) -> None:
    assert desk.mercy.send("GET", f"/api/records/retractions?before={before}").status_code == 400

"""Keeping the audit trail and showing it: sealed, found by keyed hashes, to whom it concerns (J-4, J-6, J-7)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from consentry.domain.addresses import Address
from consentry.domain.ledger import StaffInfo
from consentry.errors import AuditEventUnknown, AuditUnwritable
from consentry.fhir.audit_facts import Facts, Named, Outcome, Pattern
from consentry.fhir.audit_search import AuditSearch
from consentry.index.audit_trail import SqlAuditTrail
from consentry.index.gateway_store import GatewayStore
from consentry.services import audit
from consentry.services.audit import ACCOUNT, PSEUDONYM, AuditPorts, Strangers, Viewer
from consentry.services.pace import Pace
from consentry.services.sign_in import Site
from tests.app.memory_ledger import MemoryLedger

MERCY, REGULATOR, CITY = (Address("0x" + two * 20) for two in ("11", "22", "33"))
ALICE, BOB, AUDITOR = (Address("0x" + two * 20) for two in ("a1", "b0", "ad"))
NOW = 1_800_000_000


@dataclass
class FixedClock:
    time: int = NOW

    def now(self) -> int:
        return self.time


@dataclass
class Desk:
    ports: AuditPorts
    ledger: MemoryLedger
    path: Path

    def write(self, **more: Any) -> Facts:
        made = event(**more)
        audit.record([made], self.ports)
        return made

    def found(self, viewer: Viewer | None, *choices: tuple[str, tuple[str, ...]], **more: Any) -> list[str]:
        page = audit.search_events(AuditSearch(choices, **more), viewer, self.ports)
        return [one.event_id for one in page.events]

    def enrol(self, role: str, member: Address, licence_end_at: int = NOW + 1) -> None:
        for state in (self.ledger.latest, self.ledger.final):
            state.staff[AUDITOR] = StaffInfo(AUDITOR, member, role, "any", licence_end_at)


def patient(address: Address, ref: str = "a-1") -> Named:
    return Named("Patient", f"Patient/{ref}", ACCOUNT, address, private=True)


def event(**more: Any) -> Facts:
    known: dict[str, Any] = {
        "event_id": audit.new_event_id(),
        "recorded": NOW,
        "pattern": Pattern.READ,
        "subtypes": ("read",),
        "outcome": Outcome.SUCCESS,
        "request_id": "r-1",
        "origin": "https://mercy.example",
        "member": Named("Organization", f"Organization/{MERCY}", ACCOUNT, MERCY, "Mercy"),
        "client": Named(system="urn:consentry:client", value="his"),
        "address": "192.0.2.1",
        "user": Named("Practitioner", "Practitioner/0x01", ACCOUNT, "0x01"),
        "patient": patient(ALICE),
        "data": Named("Observation", "Observation/o-1"),
    }
    return Facts(**{**known, **more})


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    path = tmp_path / "gateway.sqlite"
    ledger = MemoryLedger(1337, {})
    for state in (ledger.latest, ledger.final):
        state.active, state.regulator = {MERCY, REGULATOR, CITY}, REGULATOR
    ports = AuditPorts(
        trail=SqlAuditTrail(GatewayStore(path).database),
        site=Site("https://mercy.example", MERCY, "Mercy", 1337),
        ledger=ledger,  # type: ignore[arg-type]
        clock=FixedClock(),
        key=b"k" * 32,
        content_key=b"c" * 32,
        keep_days=6 * 366,
    )
    return Desk(ports, ledger, path)


def test_search_events_shows_patients_their_own_and_auditors_all(desk: Desk) -> None:
    """J-6: and whoever is neither nothing, as if there were none."""
    hers, his = desk.write(), desk.write(patient=patient(BOB, "b-1"))
    assert desk.found(Viewer(ALICE)) == [hers.event_id]
    assert desk.found(Viewer(None)) == [his.event_id, hers.event_id]
    assert desk.found(None) == []
    assert audit.search_events(AuditSearch(), None, desk.ports).total == 0
    assert audit.read_event(hers.event_id, Viewer(ALICE), desk.ports) == (hers, hers.patient)
    for viewer, name in ((Viewer(BOB), hers.event_id), (None, hers.event_id), (Viewer(ALICE), "nothing")):
        with pytest.raises(AuditEventUnknown):
            audit.read_event(name, viewer, desk.ports)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", "rest"),
        ("subtype", "http://hl7.org/fhir/restful-interaction|read"),
        ("action", "R"),
        ("outcome", "0"),
        ("agent", "Practitioner/0x01"),
        ("agent", "urn:consentry:client|his"),
        ("entity", "Observation/o-1"),
        ("entity", "urn:consentry:request-digest|0x77"),
        ("patient", ALICE),
        ("patient", "Patient/a-1"),
    ],
)
def test_search_events_finds_by_what_the_standard_names(desk: Desk, name: str, value: str) -> None:
    """J-6: each parameter alone, with another patient's event of another kind beside it."""
    hers = desk.write(requests=("0x77",))
    desk.write(
        pattern=Pattern.DECISION,
        subtypes=("AuthZ-Consent",),
        outcome=Outcome.SERIOUS,
        client=Named(),
        user=patient(BOB, ""),
        patient=patient(BOB, "b-1"),
        data=None,
    )
    assert desk.found(Viewer(None), (name, (value,))) == [hers.event_id]
    assert desk.found(Viewer(None), (name, ("other",))) == []


def test_search_events_pages_and_bounds_by_time(desk: Desk) -> None:
    """J-5: newest first; a patient's account as an agent is no key that anybody could search for."""
    ids = [desk.write(recorded=NOW + place).event_id for place in range(5)][::-1]
    first = audit.search_events(AuditSearch(count=2), Viewer(ALICE), desk.ports)
    assert [one.event_id for one in first.events] == ids[:2] and first.more and first.total == 5
    rest = audit.search_events(AuditSearch(count=9, after=ids[1]), Viewer(ALICE), desk.ports)
    assert [one.event_id for one in rest.events] == ids[2:] and not rest.more
    assert desk.found(Viewer(ALICE), since=NOW + 1, until=NOW + 3) == ids[2:4]
    counted = audit.search_events(AuditSearch(count=0), Viewer(ALICE), desk.ports)
    assert counted.events == () and counted.total == 5
    own = desk.write(user=Named("Patient", "", ACCOUNT, ALICE, "the patient", private=True))
    assert own.event_id not in desk.found(Viewer(None), ("agent", (f"{ACCOUNT}|{ALICE}",)))


def test_auditors_see_pseudonyms_in_place_of_what_names_a_patient(desk: Desk) -> None:
    """J-7: the same for the same patient; the patient sees the own account, and nobody's who asked in vain."""
    consent = Named("Consent", "", "urn:consentry:consent", "0x99", private=True)
    stranger = Named("Person", "", ACCOUNT, BOB, "somebody", private=True)
    desk.write(grounds=(consent,), user=stranger)
    desk.write(user=Named("Patient", "", ACCOUNT, ALICE, "the patient", private=True))
    latest, first = audit.search_events(AuditSearch(), Viewer(None), desk.ports).events
    for named in (latest.user, latest.patient, first.user, first.patient, *first.grounds):
        assert named is not None and named.system == PSEUDONYM
    assert latest.user is not None and latest.patient is not None and first.patient is not None
    assert latest.user.value == latest.patient.value == first.patient.value
    assert ALICE not in repr((latest, first)) and BOB not in repr(first) and "0x99" not in repr(first)
    hers = audit.search_events(AuditSearch(), Viewer(ALICE), desk.ports).events[1]
    assert hers.grounds == (consent,) and hers.patient == patient(ALICE)
    assert hers.user is not None and hers.user.system == PSEUDONYM


@pytest.mark.parametrize(
    ("role", "member", "sees"),
    [
        ("auditor", MERCY, True),
        ("auditor", REGULATOR, True),
        ("auditor", CITY, False),
        ("attending", MERCY, False),
        ("system", REGULATOR, False),
    ],
)
def test_viewer_of_knows_auditors_by_the_chain(desk: Desk, role: str, member: Address, sees: bool) -> None:  # noqa: FBT001
    """J-6: of this member or of the regulator, active, with a licence; on the latest and the final block."""
    desk.enrol(role, member)
    assert audit.viewer_of(AUDITOR, None, desk.ports) == (Viewer(None) if sees else None)
    assert audit.viewer_of(AUDITOR, ALICE, desk.ports) == Viewer(None if sees else ALICE)
    for end in ("licence", "standing", "final"):
        desk.enrol(role, member, NOW if end == "licence" else NOW + 1)
        desk.ledger.latest.active = {CITY} if end == "standing" else {MERCY, REGULATOR}
        if end == "final":
            del desk.ledger.final.staff[AUDITOR]
        assert audit.viewer_of(AUDITOR, None, desk.ports) is None


def test_record_leaves_nothing_in_clear_on_disk(desk: Desk) -> None:
    """J-4: who has the file and not the keystore learns when something happened, and no more."""
    desk.write(purpose="TREAT")
    with closing(sqlite3.connect(desk.path)) as connection:
        kept = "".join(connection.iterdump())
    assert "audit_events" in kept
    for secret in (ALICE[2:], "a-1", "TREAT", "Observation", "his", "192.0.2.1", "Practitioner", "rest"):
        assert secret.encode().hex() not in kept.lower() and f"'{secret}" not in kept


def test_record_counts_strangers_beyond_their_pace(desk: Desk) -> None:
    """J-4: a flood of them fills no disk; the next event says how many were not written."""
    ticks = [0.0]
    strangers = Strangers(Pace(1.0, 2, ticks=lambda: ticks[0]))
    desk.ports = replace(desk.ports, strangers=strangers)
    nobody = {"user": None, "client": Named(display="nobody"), "patient": None, "outcome": Outcome.SERIOUS}
    for _ in range(5):
        desk.write(**nobody)
    desk.write()
    ticks[0] = 1.0
    desk.write(**nobody)
    events = audit.search_events(AuditSearch(), Viewer(None), desk.ports).events
    assert [one.unwritten for one in events] == [3, 0, 0, 0]


def test_record_counts_what_it_could_not_write(desk: Desk) -> None:
    """J-4: strangers' refusals that the disk did not take are told of with the next one, as those beyond their pace."""
    nobody = {"user": None, "client": Named(display="nobody"), "patient": None, "outcome": Outcome.SERIOUS}
    with closing(sqlite3.connect(desk.path)) as connection:
        connection.execute("ALTER TABLE audit_keys RENAME TO elsewhere")
    for _ in range(2):
        with pytest.raises(AuditUnwritable):
            desk.write(**nobody)
    with closing(sqlite3.connect(desk.path)) as connection:
        connection.execute("ALTER TABLE elsewhere RENAME TO audit_keys")
    desk.write(**nobody)
    (told,) = audit.search_events(AuditSearch(), Viewer(None), desk.ports).events
    assert told.unwritten == 2


def test_record_says_so_when_it_cannot_write(desk: Desk) -> None:
    """J-4: with a code of its own, and nothing of the event."""
    with closing(sqlite3.connect(desk.path)) as connection:
        connection.execute("DROP TABLE audit_keys")
    with pytest.raises(AuditUnwritable) as refused:
        desk.write()
    assert ALICE not in str(refused.value)

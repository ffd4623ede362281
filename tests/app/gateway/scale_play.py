"""Patients, hospitals and a clinician do what a seed says on a real network, and note it as the simulator is told it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import requests

from consentry.domain.ledger import CommitteeInfo, KeeperInfo
from consentry.domain.requests import request_digest
from consentry.ports.keeper_values import Asked, OpenShare, SignedAsk
from consentry.remote.keepers import HttpKeepers
from simulation.network import Rules
from simulation.workload import Second
from tests.app.gateway.content import proposal
from tests.app.gateway.documents import bundle, result
from tests.app.gateway.people import Hospital, Person
from tests.app.gateway.renewing import renew
from tests.app.gateway.test_gateway_exchange import grant, revoke
from tests.app.gateway.world import World

RULES = Rules(spare=2, block_seconds=0, final_seconds=0)
"""The world's: all five keepers are asked, and each transaction makes a block."""

ASK = HttpKeepers.ask


@dataclass
class Patient:
    """`records`: how many there are. `documents`: of the directory. `consent`: the one that holds. `held`: for how many
    documents the clinician's gateway holds the seed."""

    person: Person
    refs: dict[str, str]
    records: int = 0
    documents: int = 1
    consent: str = ""
    held: int = 0


@dataclass
class Play:
    """`seconds` of the day that the simulator is told, each with one thing that happened."""

    world: World
    seed: int
    seconds: list[Second] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.first_block = self.world.ledger.head().number + 1
        self.patients = [self._patient(name) for name in ("alice", "bob")]
        self.clinician = self.world.staff(self.world.city)
        assert self.clinician.open_session("TREAT").status_code == 201
        committee = self.world.ledger.committee()
        assert committee is not None
        self.keepers = committee.keepers
        self.committed_at = dict.fromkeys(range(len(self.keepers)), 0)
        self.results = self.receipts = 0
        self._note(directories=len(self.patients))

    def _patient(self, name: str) -> Patient:
        person = self.world.patient(self.world.mercy)
        hospitals = {"mercy": self.world.mercy, "city": self.world.city}
        refs = {slug: one.link(f"{name}-{person.did[-8:]}", person) for slug, one in hospitals.items()}
        return Patient(person, refs)

    def act(self) -> None:
        """One thing, by one of the patients or about one of them."""
        patient = self.random.choice(self.patients)
        acts = [self._publish] * 5 + [self._account]
        acts += [self._read] * 12 + [self._revoke] if patient.consent else [self._grant] * 4
        self.random.choice(acts)(patient)
        self._commit()

    def end(self) -> None:
        """Half a minute in which nothing happens but that keepers commit."""
        self._note(later=RULES.commit_every_seconds)
        self._commit()

    # --- what happens ---

    def _publish(self, patient: Patient) -> None:
        member = self.random.randrange(2)
        hospital: Hospital = (self.world.mercy, self.world.city)[member]
        ref = patient.refs[("mercy", "city")[member]]
        days = range(self.results, self.results + self.random.choice((1, 1, 1, 3, 3, 7)))
        made = [
            result(5.0, f"o{nth}", effectiveDateTime=f"{date(2026, 5, 4) - timedelta(nth)}T08:00:00Z")
            for nth in days
        ]
        answer = hospital.publish(bundle(*made), **{"X-Consentry-Patient-Ref": ref})
        assert answer.status_code == 200, answer.text
        told = json.loads(answer.data)["entry"]
        assert [one["response"]["status"][:3] for one in told] == ["201"] * len(days)
        self.results += len(days)
        patient.records += len(days)
        self._note(publications=((member, len(days)),))

    def _grant(self, patient: Patient) -> None:
        asked = proposal(patient.refs["city"])
        shown = self.world.city.send("POST", "/api/consents/proposals", asked).json
        assert grant(self._at_city(patient), shown).status_code == 200
        patient.consent, patient.held = shown["id"], 0
        self._note(grants=1)

    def _revoke(self, patient: Patient) -> None:
        assert revoke(self._at_city(patient), patient.consent).status_code == 200
        patient.consent = ""
        renew(self.world, patient.person)
        patient.documents += 1
        self._note(revocations=1, renewals=1)

    def _read(self, patient: Patient) -> None:
        answer = self.clinician.send("GET", f"/fhir/Patient/{patient.refs['city']}/$everything")
        assert answer.status_code == 200, answer.text
        kinds = [one["resource"]["resourceType"] for one in answer.json.get("entry", ())]
        assert "OperationOutcome" not in kinds and kinds.count("Observation") == patient.records, kinds
        asked = [one for one in (patient.documents - patient.held, patient.records) if one]
        patient.held = patient.documents
        self.receipts += sum(asked)
        self._note(requests=tuple(asked), reads=1)

    def _account(self, patient: Patient) -> None:
        assert patient.person.open_session("PATRQT").status_code == 201
        assert patient.person.send("GET", "/api/receipts").status_code == 200
        self._note(accounts=1)

    def _at_city(self, patient: Patient) -> Person:
        city = Person(patient.person.wallet, self.world.city.client, self.world.ledger.chain_id)
        city.sign_in()
        return city

    # --- the clock of the day, and keepers ---

    def _note(self, *, later: int = 2, **what: Any) -> None:
        at = self.seconds[-1].at + later if self.seconds else 0
        self.seconds.append(Second(at, **what))

    def _commit(self) -> None:
        """Each keeper's committer is called when its settings say so; what it sends is its own doing."""
        now = self.seconds[-1].at
        for keeper, committer in zip(self.keepers, self.world.committers, strict=True):
            waiting = self._waiting(keeper)
            due = now - self.committed_at[keeper.seat] >= RULES.commit_every_seconds
            if due or waiting >= RULES.commit_at_receipts:
                committer.attempt()
                assert committer.problem is None
                self.committed_at[keeper.seat] = now

    def _waiting(self, keeper: KeeperInfo) -> int:
        """How many receipts it has that are not on chain; it has filed them all."""
        lines = requests.get(f"{keeper.url}/metrics", timeout=60).text.splitlines()
        told = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        assert float(told["consentry_keeper_receipts"]) == self.receipts
        return int(float(told["consentry_keeper_receipts_uncommitted"]))


def asked_of_all(keepers: HttpKeepers, ask: SignedAsk, committee: CommitteeInfo, opened: OpenShare) -> Asked:
    """`HttpKeepers.ask`, and then of each keeper once more, which leaves no second receipt (K-7): a reader waits
    for the threshold alone, and leaves out who was slow lately, so that on a busy machine nobody could say who has filed what."""
    answers = ASK(keepers, ask, committee, opened)
    for keeper in committee.keepers:
        keepers._release(keeper, ask, request_digest(ask.request))
    return answers

"""The simulator of docs/scale.md beside a network of processes that does the same: what each counts."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks.measuring import table
from benchmarks.scene import PROVISION, laboratory_bundle
from consentry.demo.actors import Hospital, Patient, Person
from consentry.network.run import Network
from consentry.wallets.keyfile import Wallet
from simulation.counting import Counted, counted
from simulation.network import Outcome, Rules, simulate
from simulation.prices import GAS
from simulation.workload import Second, requests

ACTS, SEED = 150, 8
RULES = Rules(block_seconds=0, final_seconds=0)
HOSPITALS = ("mercy", "city")
PATIENTS = ("alice", "bob", "chen")
COMMITTED_WITHIN = 120


@dataclass
class _Patient:
    slug: str
    person: Patient
    refs: dict[str, str]
    records: int = 0
    documents: int = 1
    consent: str = ""
    held: int = 0


@dataclass
class _Day:
    """One thing about each second, and what the simulator is told of it."""

    network: Network
    random: Random = field(default_factory=lambda: Random(SEED))
    seconds: dict[int, dict[str, Any]] = field(default_factory=dict)
    published: int = 0
    receipts: int = 0

    def __post_init__(self) -> None:
        self.first_block = self.network.ledger.head().number + 1
        self.began = time.monotonic()
        self.patients = [self._patient(slug) for slug in PATIENTS]
        self.clinician = Person.sign_in(self.network, "dr_bose", "city")
        self.clinician.open_session("TREAT")
        self._note(directories=len(self.patients))

    def _patient(self, slug: str) -> _Patient:
        person = Patient.sign_in(self.network, slug, "city")
        person.open_directory(self.network)
        wallet = Wallet(self.network.place.wallet_key(slug))
        refs = {one: Hospital(self.network, one).link(slug, wallet) for one in HOSPITALS}
        return _Patient(slug, person, refs)

    def act(self) -> None:
        patient = self.random.choice(self.patients)
        acts = [self._publish] * 5
        acts += [self._read] * 12 + [self._revoke] if patient.consent else [self._grant] * 4
        self.random.choice(acts)(patient)

    def _publish(self, patient: _Patient) -> None:
        member, count = self.random.randrange(2), self.random.choice((1, 1, 1, 3, 3, 7))
        bundle = laboratory_bundle(1_000, count, self.published)
        Hospital(self.network, HOSPITALS[member]).publish(bundle, patient.refs[HOSPITALS[member]])
        self.published += count
        patient.records += count
        self._note(publications=((member, count),))

    def _grant(self, patient: _Patient) -> None:
        terms = {"roles": ["any"], "provisions": [PROVISION], "maxUses": 0}
        proposed = Hospital(self.network, "city").propose(patient.refs["city"], terms, 1)
        patient.person.grant(proposed)
        patient.consent, patient.held = proposed["id"], 0
        self._note(grants=1)

    def _revoke(self, patient: _Patient) -> None:
        patient.person.revoke(patient.consent)
        patient.person.open_directory(self.network)
        patient.consent, patient.documents = "", patient.documents + 1
        self._note(revocations=1, renewals=1)

    def _read(self, patient: _Patient) -> None:
        self.clinician.everything(patient.refs["city"])
        asked = [
            size for one in (patient.documents - patient.held, patient.records) for size in requests([one])
        ]
        patient.held = patient.documents
        self.receipts += sum(asked) * RULES.asked
        self._note(requests=tuple(asked), reads=1)

    def _note(self, **what: Any) -> None:
        """Things of one second are added up."""
        known = self.seconds.setdefault(int(time.monotonic() - self.began), {})
        for name, value in what.items():
            known[name] = known[name] + value if name in known else value

    def as_told(self) -> list[Second]:
        until = int(time.monotonic() - self.began)
        return [Second(at, **self.seconds.get(at, {})) for at in range(until)]

    def await_commits(self) -> None:
        """Until the chain fixes as many receipts as were filed at least."""
        ends = time.monotonic() + COMMITTED_WITHIN
        while sum(self.committed()) < self.receipts and time.monotonic() < ends:
            time.sleep(0.5)

    def committed(self) -> tuple[int, ...]:
        committee = self.network.ledger.committee()
        keepers = () if committee is None else committee.keepers
        return tuple(self.network.ledger.next_seq_of(one.account) for one in keepers)


def run(network: Network) -> None:
    """One thing a second, as keepers and gateways do it that are told nothing else."""
    network.start(print)
    day = _Day(network)
    for number in range(ACTS):
        day.act()
        time.sleep(max(day.began + number - time.monotonic(), 0))
    day.await_commits()
    found = counted(network.connection, day.first_block, network.ledger.head().number)
    said = simulate(day.as_told(), RULES)
    title = f"A network of processes, {ACTS} interactions, {said.seconds} s"
    table(title, ["what", "counted", "simulated"], _rows(found, said, sum(day.committed())))


def _rows(found: Counted, said: Outcome, receipts: int) -> list[list[str]]:
    sent = said.transactions
    gas = {kind: GAS[kind].value * count for kind, count in sent.items()}
    rows = [["receipts", f"{receipts:,}", f"{sum(said.receipts):,}"]]
    for name, kinds in (
        ("anchor", ("anchor",)),
        ("grant", ("grant",)),
        ("revocation", ("revocation",)),
        ("directory", ("directory", "renewal")),
        ("commit", ("first commit", "commit")),
    ):
        counts = found.transactions[name], sum(sent.get(kind, 0) for kind in kinds)
        prices = found.gas[name], sum(gas.get(kind, 0) for kind in kinds)
        rows.append([f"transactions: {name}", *(f"{one:,}" for one in counts)])
        rows.append([f"gas: {name}", *(f"{one:,}" for one in prices)])
    rows.append(["transactions of other kinds", f"{sum(found.others.values())}", "0"])
    return rows

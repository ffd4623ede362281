"""An exchange of two patients' records on a network of its own, and what it leaves to be seen."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from consentry.demo import ledger_search
from consentry.demo.actors import Hospital, Patient, Person, resources
from consentry.domain.addresses import Address
from consentry.domain.terms import Consent, Terms, typed_data
from consentry.network.place import Place
from consentry.network.plan import MEMBERS
from consentry.network.run import Network
from tests.journeys import log_search
from tests.journeys.exchanged import Content
from tests.journeys.traces import Transaction, transactions

DAY = 86_400
RECORDS = 8
Seen = list[Transaction]


class Exchange:
    """What the demo tells, for two patients at once, on a network of its own."""

    def __init__(self, network: Network, contents: dict[str, Content]) -> None:
        self.network, self.contents = network, contents
        self.mercy, self.city = Hospital(network, "mercy"), Hospital(network, "city")
        self.patients = {slug: Patient.sign_in(network, slug, "city") for slug in contents}
        self.refs: dict[str, str] = {}

    def run(self) -> None:
        for slug, patient in self.patients.items():
            patient.open_directory(self.network)
            self.refs[slug] = self.city.link(f"C-{slug}", patient.wallet)
            at_mercy = self.mercy.link(f"M-{slug}", patient.wallet)
            answer = self.mercy.publish(self.contents[slug].bundle, at_mercy)
            assert len(answer["entry"]) == RECORDS
        for slug, patient in self.patients.items():
            self.city.propose(self.refs[slug], self.contents[slug].terms, days=30)
            (proposed,) = patient.consents()
            patient.grant(proposed)
            self.grant_to_another(patient, self.contents[slug])
        for slug, patient in self.patients.items():
            self.read(slug)
            (granted,) = patient.consents()
            patient.revoke(granted["id"])
        for patient in self.patients.values():
            ledger_search.prove_receipts(self.network, patient)

    def read(self, slug: str) -> None:
        bose = Person.sign_in(self.network, "dr_bose", "city")
        bose.open_session(self.contents[slug].purpose)
        assert len(resources(bose.everything(self.refs[slug]))) >= RECORDS

    def grant_to_another(self, patient: Patient, content: Content) -> None:
        """To whom, only the terms say: somebody else relays."""
        ledger, now = self.network.ledger, int(time.time())
        (name,) = [one.name for one in MEMBERS if one.slug == content.other_recipient]
        recipient = self.network.members[content.other_recipient].account
        terms = Terms.from_json(
            content.other_terms
            | {
                "recipientName": name,
                "recipient": recipient,
                "salt": "0x" + patient.wallet.address[2:].rjust(64, "5"),
            }
        )
        consent = Consent(patient.wallet.address, terms, now, now + 30 * DAY, now + DAY)
        contract = Address(ledger.address_of("ConsentRegistry"))
        signature = patient.wallet.sign_typed(typed_data(consent, ledger.chain_id, contract))
        given = consent.grant()
        values = (given.patient, given.terms_hash, given.valid_from, given.valid_until, given.relay_before)
        self.network.sender_of("trustee").transact("ConsentRegistry", "grantBySignature", values, signature)


@dataclass(frozen=True)
class Run:
    """All transactions of an exchange, where its audit log is, what gateways and keepers logged and counted, and what may stand
    there."""

    seen: Seen
    audit_log: str
    logs: dict[str, str]
    metrics: dict[str, str]
    public: tuple[str, ...]


def exchange(folder: Path, contents: dict[str, Content], log_format: str) -> Run:
    with Network(Place(folder), log_format=log_format) as network:
        network.start(lambda words: None)
        Exchange(network, contents).run()
        seen, audit_log = transactions(network.connection.rpc), network.ledger.address_of("AuditLog")
        committee = network.ledger.committee()
        assert committee is not None
        metrics = log_search.metrics(network)
    return Run(
        seen, audit_log, log_search.logs(network), metrics, tuple(one.account for one in committee.keepers)
    )

"""Nobody with a node can tell what is in whose record: alice's and bob's are exchanged, and the chain looks the same (C-7, P-1).

Real processes, twice. By design the chain shows how many records an anchor has and how many receipts a keeper commits
(docs/known-limits.md), so both contents have as many. Everything else about them differs: categories, confidentiality,
lengths, purposes, recipients, uses.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.demo import ledger_search
from consentry.demo.actors import Hospital, Patient, Person, resources
from consentry.domain.addresses import Address
from consentry.domain.terms import Consent, Terms, typed_data
from consentry.fhir.split import split
from consentry.fhir.validate import parse_bundle
from consentry.network.place import Place
from consentry.network.plan import MEMBERS
from consentry.network.run import Network
from tests.journeys.exchanged import Content, ordinary, stigmatised
from tests.journeys.traces import Log, Trace, Transaction, differences, trace, transactions

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


def exchange(folder: Path, contents: dict[str, Content]) -> tuple[Seen, str]:
    """All transactions of one run, and where its audit log is."""
    with Network(Place(folder)) as network:
        network.start(lambda words: None)
        Exchange(network, contents).run()
        return transactions(network.connection.rpc), network.ledger.address_of("AuditLog")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Seen, str]]:
    """Alice has what is stigmatised and bob what is ordinary; then the other way round."""
    folder = tmp_path_factory.mktemp("differential")
    dark, light = stigmatised("T-1"), ordinary("T-1")
    return [
        exchange(folder / "first", {"alice": dark, "bob": light}),
        exchange(folder / "second", {"alice": light, "bob": dark}),
    ]


def test_contents_differ_in_all_but_their_number() -> None:
    """So that the comparison below says something."""
    dark, light = (
        split(parse_bundle(one.bundle), received_at="2026-01-01T00:00:00Z")
        for one in (stigmatised("T-1"), ordinary("T-1"))
    )
    assert len(dark) == len(light) == RECORDS
    assert not {one.category for one in dark} & {one.category for one in light}
    assert not {one.confidentiality for one in dark} & {one.confidentiality for one in light}
    assert min(len(one.content) for one in dark) > 2 * max(len(one.content) for one in light)


def test_chain_tells_nothing_when_records_are_exchanged(runs: list[tuple[Seen, str]]) -> None:
    """C-7, P-1: every transaction's sender, target, length and words, every log's."""
    one, other = (trace(*run) for run in runs)
    assert differences(one, other) == []
    assert len(one.lines) > 60
    assert one.receipts > 2 * RECORDS


def grants(seen: Seen) -> list[int]:
    """Where the four grants stand: the transactions whose input has one signature more than a grant's five words."""
    return [at for at, one in enumerate(seen) if len(one.input) == 4 + 32 * (5 + 1 + 1 + 3)]


def with_input(seen: Seen, at: int, added: bytes) -> Seen:
    return [*seen[:at], replace(seen[at], input=seen[at].input + added), *seen[at + 1 :]]


def with_log(seen: Seen, at: int, change: Callable[[Log], Log]) -> Seen:
    (log,) = seen[at].logs
    return [*seen[:at], replace(seen[at], logs=(change(log),)), *seen[at + 1 :]]


def word(value: bytes) -> bytes:
    return value.ljust(32, b"\0")


def number(value: int) -> bytes:
    return value.to_bytes(32, "big")


LEAKS: dict[str, Callable[[Seen, int], Seen]] = {
    "one byte of length": lambda seen, at: with_input(seen, at, b"\0"),
    "a digest more": lambda seen, at: with_input(seen, at, bytes(range(100, 132))),
    "a category in calldata": lambda seen, at: with_input(seen, at, word(b"hiv")),
    "a purpose's number": lambda seen, at: with_input(seen, at, number(3)),
    "a category in an event": lambda seen, at: with_log(
        seen, at, lambda log: replace(log, data=log.data + word(b"psychiatry"))
    ),
    "a recipient in an event": lambda seen, at: with_log(
        seen,
        at,
        lambda log: replace(log, topics=(*log.topics, bytes(12) + bytes.fromhex(seen[at].sender[2:]))),
    ),
    "another relayer": lambda seen, at: [
        *seen[:at],
        replace(seen[at], sender=seen[0].sender),
        *seen[at + 1 :],
    ],
    "a window by category": lambda seen, at: with_log(
        seen, at, lambda log: replace(log, data=log.data[:32] + number(seen[at].time + 90 * DAY))
    ),
    "a transaction less": lambda seen, at: [*seen[:at], *seen[at + 1 :]],
    "the order": lambda seen, at: [*seen[:at], seen[at + 1], seen[at], *seen[at + 2 :]],
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS.keys())
def test_comparison_finds_a_leak_when_one_is_planted(
    runs: list[tuple[Seen, str]], leak: Callable[[Seen, int], Seen]
) -> None:
    """P-1: the test above can fail; each leak stands in one run only, as what depends on the content would."""
    (seen, audit_log), other = runs
    at = grants(seen)[0]
    assert differences(trace(leak(seen, at), audit_log), trace(*other))


def test_comparison_finds_another_number_of_receipts(runs: list[tuple[Seen, str]]) -> None:
    """What keepers commit is compared in all, and can differ."""
    one = trace(*runs[0])
    assert differences(one, Trace(one.lines, 2 * one.receipts))

"""Reading through real gateways and keepers: systems that name a practitioner, keepers that lie, consents that end."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from consentry.cli.client import GatewayClient
from consentry.demo.actors import Hospital, Patient, Person, resources
from consentry.errors import ConsentryError, NoGround
from consentry.network.run import Network
from tests.journeys.bundles import TERMS, bundle, laboratory, patient


@dataclass(frozen=True)
class Exchange:
    """A patient whose two laboratory results lie at Mercy and who granted City's terms."""

    patient: Patient
    ref_at_city: str
    consent_id: str


@pytest.fixture(scope="module")
def exchange(
    network: Network, mercy: Hospital, city: Hospital, new_patient: Callable[[], Patient]
) -> Exchange:
    somebody = new_patient()
    somebody.open_directory(network)
    at_mercy, at_city = mercy.link("R-1", somebody.wallet), city.link("R-1", somebody.wallet)
    mercy.publish(bundle(patient("R-1"), laboratory(5.1), laboratory(5.2, day="2026-04-01")), at_mercy)
    city.propose(at_city, TERMS, days=1)
    granted = somebody.grant(somebody.consents()[0])
    return Exchange(somebody, at_city, granted["id"])


@pytest.fixture(scope="module")
def bose(network: Network) -> Person:
    person = Person.sign_in(network, "dr_bose", "city")
    person.open_session("TREAT")
    return person


def values(answer: dict[str, Any]) -> list[float]:
    return sorted(one["valueQuantity"]["value"] for one in resources(answer) if "valueQuantity" in one)


def as_system(network: Network, city: Hospital, ref: str, **headers: str) -> dict[str, Any]:
    """The hospital system's own request, with its client key."""
    sent = {f"X-Consentry-{name.title()}": value for name, value in headers.items()}
    raw = city.gateway.exchange("GET", f"/fhir/Patient/{ref}/$everything", None, headers=sent).body
    return dict(json.loads(raw))


def test_read_gives_a_system_what_its_named_practitioner_may_see(
    network: Network, city: Hospital, exchange: Exchange
) -> None:
    """G-3: purpose and practitioner are named, never defaulted; receipts tell the two apart."""
    practitioner = network.people["dr_bose"]
    answer = as_system(network, city, exchange.ref_at_city, practitioner=practitioner, purpose="TREAT")
    assert values(answer) == [5.1, 5.2]
    exchange.patient.open_session("PATRQT")
    receipts = exchange.patient.gateway.get("/api/receipts")["receipts"]
    by_system = [one for one in receipts if one["practitioner"]]
    assert {one["practitioner"] for one in by_system} == {practitioner}
    assert {one["actor"] for one in by_system} == {network.members["city"].system}


@pytest.mark.parametrize("headers", [{}, {"purpose": "TREAT"}, {"practitioner": "0x" + "1" * 40}])
def test_read_refuses_a_system_that_leaves_something_out(
    network: Network, city: Hospital, exchange: Exchange, headers: dict[str, str]
) -> None:
    with pytest.raises(ConsentryError) as refused:
        as_system(network, city, exchange.ref_at_city, **headers)
    assert refused.value.status in (400, 401, 403, 422)


def test_read_refuses_a_practitioner_who_is_nobodys_staff(
    network: Network, city: Hospital, exchange: Exchange
) -> None:
    stranger = network.people["mallory"]
    with pytest.raises(NoGround):
        as_system(network, city, exchange.ref_at_city, practitioner=stranger, purpose="TREAT")


def test_read_gives_nothing_for_another_purpose(network: Network, city: Hospital, exchange: Exchange) -> None:
    """C-9: a consent for treatment says nothing about research."""
    bose = network.people["dr_bose"]
    with pytest.raises(NoGround):
        as_system(network, city, exchange.ref_at_city, practitioner=bose, purpose="HRESCH")


@contextmanager
def rubbish_at(url: str) -> Iterator[None]:
    """Something that speaks HTTP and nonsense where a keeper was."""

    class Rubbish(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"items": [' + b"0," * 100 + b"]")

        def log_message(self, format: str, *arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", int(url.rsplit(":", 1)[1])), Rubbish)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def test_reading_goes_on_when_a_keeper_answers_rubbish(
    network: Network, bose: Person, exchange: Exchange
) -> None:
    """S-1, K-2: its answer is worth nothing, and costs nothing else."""
    keeper = network.processes["keeper-trustee"]
    keeper.stop()
    with rubbish_at(network.keepers["trustee"]):
        assert values(bose.everything(exchange.ref_at_city)) == [5.1, 5.2]
    keeper.start()
    keeper.await_ready()


def test_read_gives_nothing_when_the_ref_belongs_to_nobody(network: Network, bose: Person) -> None:
    """An unlinked reference tells about this gateway's own links only."""
    with pytest.raises(ConsentryError) as refused:
        bose.everything("0" * 32)
    assert refused.value.code == "patient-not-linked"


def test_read_gives_nothing_when_revoked(network: Network, bose: Person, exchange: Exchange) -> None:
    """G-6. Runs last: it ends the consent."""
    assert values(bose.everything(exchange.ref_at_city)) == [5.1, 5.2]
    exchange.patient.revoke(exchange.consent_id)
    with pytest.raises(NoGround):
        bose.everything(exchange.ref_at_city)


def test_everything_without_signing_in_is_an_operation_outcome(network: Network, exchange: Exchange) -> None:
    """G-2."""
    anonymous = GatewayClient(network.gateways["city"])
    answer = anonymous.ask("GET", f"/fhir/Patient/{exchange.ref_at_city}/$everything")
    assert answer.status == 401
    assert (answer.header("Content-Type") or "").startswith("application/fhir+json")
    assert b"OperationOutcome" in answer.body

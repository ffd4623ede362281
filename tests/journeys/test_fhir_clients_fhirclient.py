"""PyPI `fhirclient` (SMART on FHIR) as it is, against a gateway's process: it also does the OAuth exchange itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from fhirclient.client import FHIRClient
from fhirclient.models.bundle import Bundle
from fhirclient.models.observation import Observation
from fhirclient.server import FHIRNotFoundException, FHIRUnauthorizedException

from consentry.demo.actors import Hospital, Patient
from consentry.network.run import Network
from tests.journeys.fhir_ward import AT_MERCY, SCOPES, Seen, Ward, noting, open_ward


@pytest.fixture(scope="module")
def ward(network: Network, mercy: Hospital, city: Hospital, new_patient: Callable[[], Patient]) -> Ward:
    return open_ward(network, mercy, city, new_patient(), "FC-1")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """All that is answered in a test, which validates at its end."""
    with noting(monkeypatch.setattr) as seen:
        yield seen
        assert seen.validate() > 0


def connected(ward: Ward) -> Any:
    """As its documentation says for backend services."""
    settings = {
        "app_id": ward.name,
        "api_base": ward.base,
        "scope": SCOPES,
        "patient_id": ward.ref,
        "jwt_token": ward.assertion(),
    }
    smart = FHIRClient(settings=settings)
    smart.prepare()
    return smart


@pytest.fixture
def smart(ward: Ward, seen: Seen) -> Any:
    client = connected(ward)
    client.authorize()
    assert client.ready
    return client


def test_fhirclient_reads_from_the_capability_statement_where_tokens_are(ward: Ward, seen: Seen) -> None:
    """F-32: from `oauth-uris`, without any other setting; before that nothing is answered."""
    client = connected(ward)
    assert client.server.capabilityStatement.fhirVersion == "4.0.1" and not client.ready
    with pytest.raises(FHIRUnauthorizedException):
        next(Observation.where({"patient": ward.ref}).perform_iter(client.server))
    client.authorize()
    assert client.ready


def test_fhirclient_follows_pages(smart: Any, ward: Ward) -> None:
    """F-32: three pages and more by `next`, and a count."""
    asked = Observation.where({"patient": ward.ref, "_count": "9", "_sort": "-date"})
    pages = list(asked.perform_iter(smart.server))
    found = [entry.resource for page in pages for entry in page.entry]
    assert len(pages) >= 3 and {one.resource_type for one in found} == {"Observation"}
    assert len({one.id for one in found}) == len(found) == pages[0].total >= AT_MERCY
    counted = next(Observation.where({"patient": ward.ref, "_summary": "count"}).perform_iter(smart.server))
    assert counted.total == len(found) and not counted.entry
    assert Observation.read(found[0].id, smart.server).as_json() == found[0].as_json()


def test_fhirclient_creates_corrects_and_withdraws(smart: Any, ward: Ward) -> None:
    """F-32: create, update, delete; 412, 404 and 410."""
    made = Observation(Observation(ward.glucose(5.5)).create(smart.server))
    assert made.meta.versionId == "1"
    made.valueQuantity.value = 6.5
    changed = Observation(made.update(smart.server))
    assert (changed.id, changed.meta.versionId, changed.valueQuantity.value) == (made.id, "2", 6.5)
    smart.server.session.headers["If-Match"] = 'W/"1"'
    assert status_of(lambda: made.update(smart.server)) == 412
    del smart.server.session.headers["If-Match"]
    with pytest.raises(FHIRNotFoundException):
        Observation.read("0" * 40, smart.server)
    changed.delete(smart.server)
    changed.valueQuantity.value = 7.5
    assert status_of(lambda: changed.update(smart.server)) == 410


def test_fhirclient_creates_on_condition(smart: Any, ward: Ward) -> None:
    """F-32: `If-None-Exist` writes once."""
    smart.server.session.headers["If-None-Exist"] = "identifier=urn:city:lab|FC-7"
    body = ward.glucose(8.5, identifier=[{"system": "urn:city:lab", "value": "FC-7"}])
    answers = [smart.server.post_json("Observation", body) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_fhirclient_asks_for_everything(smart: Any, ward: Ward) -> None:
    """F-32: `Patient/$everything`, page by page."""
    asked = f"Patient/{ward.ref}/$everything?_count=9"
    found, kinds = asked, []
    while found:
        page = Bundle.read_from(found, smart.server)
        kinds += [entry.resource.resource_type for entry in page.entry or []]
        found = next((one.url for one in page.link if one.relation == "next"), None)
    assert kinds.count("Observation") >= AT_MERCY and "Patient" in kinds


def test_fhirclient_sends_a_transaction(smart: Any, ward: Ward) -> None:
    """F-32: it posts Bundles to the endpoint's address with a slash behind."""
    name = "urn:uuid:00000000-0000-4000-8000-0000000000aa"
    entry = {
        "fullUrl": name,
        "resource": ward.glucose(9.5),
        "request": {"method": "POST", "url": "Observation"},
    }
    made = Bundle({"resourceType": "Bundle", "type": "transaction", "entry": [entry]})
    answer = Bundle(made.create(smart.server))
    assert answer.type == "transaction-response"
    assert [one.response.status[:3] for one in answer.entry] == ["201"]


def status_of(act: Callable[[], object]) -> int:
    with pytest.raises(requests.HTTPError) as refused:
        act()
    return int(refused.value.response.status_code)

"""PyPI `fhirpy` as it is, both its clients, against a gateway's process."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from fhirpy import AsyncFHIRClient, SyncFHIRClient
from fhirpy.base.exceptions import MultipleResourcesFound, OperationOutcome, ResourceNotFound

from consentry.demo.actors import Hospital, Patient
from consentry.network.run import Network
from tests.journeys.fhir_ward import AT_MERCY, Seen, Ward, noting, open_ward

CLIENTS = [pytest.param(SyncFHIRClient, id="sync"), pytest.param(AsyncFHIRClient, id="async")]


@pytest.fixture(scope="module")
def ward(network: Network, mercy: Hospital, city: Hospital, new_patient: Callable[[], Patient]) -> Ward:
    return open_ward(network, mercy, city, new_patient(), "FP-1")


async def settled(value: Any) -> Any:
    """What a client gives at once, or later."""
    return await value if inspect.isawaitable(value) else value


def run(story: Any, ward: Ward, kind: Any, monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Tell the story with a new client, and validate everything that it was answered."""
    with noting(monkeypatch.setattr) as seen:
        client = kind(ward.base, authorization=f"Bearer {ward.token()}")
        asyncio.run(story(client, ward, seen))
    assert seen.validate() > 0
    return seen


async def searching(client: Any, ward: Ward, seen: Seen) -> None:
    told = await settled(client.execute("metadata", method="get"))
    assert told["fhirVersion"] == "4.0.1" and told["implementation"]["url"] == ward.base
    results = client.resources("Observation").search(patient=f"Patient/{ward.ref}")
    before = len(seen.pages())
    found = await settled(results.search(code="http://loinc.org|4548-4").limit(9).sort("date").fetch_all())
    pages = seen.pages()[before:]
    assert len(pages) >= 3 and len({one["link"][0]["url"] for one in pages}) == len(pages)
    assert len({one.id for one in found}) == len(found) >= AT_MERCY
    days = [one["effectiveDateTime"] for one in found]
    assert days == sorted(days)
    assert await settled(results.count()) == len(found)
    again = await settled(client.reference("Observation", found[0].id).to_resource())
    assert again["valueQuantity"] == found[0]["valueQuantity"]
    with pytest.raises(OperationOutcome) as refused:
        await settled(client.resources("Observation").fetch())
    assert refused.value.resource["issue"][0]["details"]["coding"][0]["code"] == "search-without-patient"


@pytest.mark.parametrize("kind", CLIENTS)
def test_fhirpy_connects_counts_and_follows_pages(
    kind: Any, ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-31: three pages and more by `next`, a count, and what is refused without a patient."""
    run(searching, ward, kind, monkeypatch)


async def writing(client: Any, ward: Ward, seen: Seen) -> None:
    made = client.resource("Observation", **ward.glucose(5.5))
    await settled(made.save())
    assert made.id and made["meta"]["versionId"] == "1"
    made["valueQuantity"]["value"] = 6.5
    await settled(made.save())
    assert made["meta"]["versionId"] == "2" and made["valueQuantity"]["value"] == 6.5
    client.extra_headers = {"If-Match": 'W/"1"'}
    with pytest.raises(MultipleResourcesFound):  # what fhirpy calls 412
        await settled(made.save())
    client.extra_headers = None
    assert await settled(made.is_valid())
    with pytest.raises(ResourceNotFound):
        await settled(client.get("Observation", "0" * 40))
    name = f"Observation/{made.id}"
    await settled(client.delete(name))
    with pytest.raises(ResourceNotFound):
        await settled(client.resource("Observation", **ward.glucose(7.5), id=made.id).save())
    assert [status for status, _ in seen.answers if status >= 400] == [412, 404, 410]


@pytest.mark.parametrize("kind", CLIENTS)
def test_fhirpy_creates_corrects_and_withdraws(
    kind: Any, ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-31: create, update with If-Match, delete; 412, 404 and 410."""
    run(writing, ward, kind, monkeypatch)


async def condition(client: Any, ward: Ward, seen: Seen) -> None:
    number = f"S-{type(client).__name__}"
    body = ward.glucose(8.5, identifier=[{"system": "urn:city:lab", "value": number}])
    named = client.resources("Observation").search(identifier=f"urn:city:lab|{number}")
    _, first = await settled(named.get_or_create(client.resource("Observation", **body)))
    _, second = await settled(named.get_or_create(client.resource("Observation", **body)))
    assert (first, second) == (True, False)
    found = await settled(
        client.resources("Observation")
        .search(patient=f"Patient/{ward.ref}", identifier=f"urn:city:lab|{number}")
        .fetch()
    )
    assert len(found) == 1


@pytest.mark.parametrize("kind", CLIENTS)
def test_fhirpy_creates_on_condition(kind: Any, ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """F-31: conditional create writes once."""
    run(condition, ward, kind, monkeypatch)


async def everything(client: Any, ward: Ward, seen: Seen) -> None:
    whole = await settled(client.reference("Patient", ward.ref).execute("$everything", method="get"))
    kinds = [entry["resource"]["resourceType"] for entry in whole["entry"]]
    assert "Patient" in kinds and kinds.count("Observation") >= AT_MERCY
    posted = await settled(client.reference("Patient", ward.ref).execute("$everything"))
    assert posted["total"] == whole["total"]


@pytest.mark.parametrize("kind", CLIENTS)
def test_fhirpy_asks_for_everything(kind: Any, ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """F-31: `Patient/$everything`, by GET and as operations are called by default, by POST."""
    run(everything, ward, kind, monkeypatch)

"""What a hospital says as FHIR, read back as it was said; and what its gateway does with it."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from consentry.domain.addresses import Address
from consentry.fhir.validate import parse_bundle
from consentry.services.opening import OpenedRecord
from consentry.services.publish import PublishBundle, publish
from consentry.services.publish_ports import Author, PublishPorts
from consentry.services.retraction import RetractRecord, retract
from consentry.services.waiting import Completion, enter_waiting
from tests.app.completeness.model import Statement

CATEGORIES = {"laboratory": "laboratory", "vitals": "vital-signs"}
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
OBSERVATION = "http://terminology.hl7.org/CodeSystem/observation-category"
Seen = Counter[tuple[str, Statement]]


def bundle(patient: Address, said: list[Statement]) -> PublishBundle:
    """One resource a document, each of a day of its own and so in a record of its own."""
    entries: list[Any] = [{"resource": {"resourceType": "Patient", "id": "p"}}]
    for one in said:
        resource = {
            "resourceType": "Observation",
            "status": "final",
            "meta": {"security": [{"system": CONFIDENTIALITY, "code": one.confidentiality}]},
            "category": [{"coding": [{"system": OBSERVATION, "code": CATEGORIES[one.category]}]}],
            "code": {"text": str(one.document)},
            "subject": {"reference": "Patient/p"},
            "effectiveDateTime": f"2026-05-{one.document + 1:02d}T08:00:00Z",
            "valueQuantity": {"value": one.value},
        }
        url = f"https://his.test/fhir/Observation/{one.document}"
        entries.append({"fullUrl": url, "resource": resource})
    tree = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return PublishBundle(patient, parse_bundle(json.dumps(tree).encode()), "client:his")


def do_publish(command: PublishBundle, author: Author, ports: PublishPorts) -> None:
    publish(command, author, ports)


def do_retract(command: RetractRecord, author: Author, ports: PublishPorts) -> None:
    retract(command, author, ports)


def do_work(accounts: list[str], author: Author, ports: PublishPorts) -> None:
    """What a gateway does every second; opening a directory has woken what waits for it."""
    for account in accounts:
        ports.waiting.wake(account, ports.clock.now())
    enter_waiting(author, ports, delay_seconds=0)
    Completion(author, ports, linger_seconds=0).run()


def statement_of(record: OpenedRecord) -> Statement:
    (row,) = json.loads(record.content)["entry"]
    header, resource = record.header, row["resource"]
    return Statement(
        int(resource["code"]["text"]),
        str(header.category),
        str(header.confidentiality),
        resource["valueQuantity"]["value"],
    )

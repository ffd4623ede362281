"""A patient with many results, and who reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fhir.resources.R4B import get_fhir_model_class

from consentry.domain import fields
from tests.app.gateway.content import CLINICAL, OBSERVATION, proposal, terms
from tests.app.gateway.people import Hospital, Person
from tests.app.gateway.world import World

LOINC = "http://loinc.org"


@dataclass
class Ward:
    """A patient known at both hospitals, staff of the city's that reads, and the consent that lets it."""

    world: World
    alice: Person
    dr_bose: Person
    ref: str
    mrn: str
    consent: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What the city's system says of the practitioner for whom it reads."""
        return {
            "X-Consentry-Practitioner": self.dr_bose.wallet.address,
            "X-Consentry-Purpose": "TREAT",
        }

    def get(self, path: str, **more: str) -> Any:
        """As the city's system; `path` under /fhir, or a link."""
        split = urlsplit(path)
        local = f"{split.path}?{split.query}" if split.scheme else f"/fhir/{path}"
        return self.world.city.send("GET", local, **(self.headers | more))

    def grant(self, *categories: str, **more: Any) -> str:
        asked = proposal(self.ref, terms=terms(categories or ("any",), confidentiality="any", **more))
        shown = self.dr_bose.send("POST", "/api/consents/proposals", asked).json
        signature = fields.to_hex(self.alice.wallet.sign_typed(shown["typedData"]))
        path = f"/api/consents/{shown['id']}/grant"
        assert self.alice.send("POST", path, {"signature": signature}).status_code == 200
        self.consent = str(shown["id"])
        return self.consent

    def revoke(self) -> None:
        data = self.alice.send("GET", f"/api/consents/{self.consent}/revocation").json["typedData"]
        signature = fields.to_hex(self.alice.wallet.sign_typed(data))
        path = f"/api/consents/{self.consent}/revocation"
        assert self.alice.send("POST", path, {"signature": signature}).status_code == 200

    def publish(self, *resources: dict[str, Any], at: Hospital | None = None, **more: str) -> Any:
        answer = (at or self.world.city).publish(bundle_of(self.mrn, *resources), **more)
        assert answer.status_code == 200, answer.text
        return answer


def ward(world: World, mrn: str) -> Ward:
    alice, dr_bose = world.patient(world.city), world.staff(world.city)
    world.mercy.link(mrn, alice)
    dr_bose.open_session("TREAT")
    return Ward(world, alice, dr_bose, world.city.link(mrn, alice), mrn)


def bundle_of(mrn: str, *resources: dict[str, Any]) -> dict[str, Any]:
    person = {"resourceType": "Patient", "id": "p1", "identifier": [{"system": "urn:mrn", "value": mrn}]}
    entries = [{"resource": {**person, "gender": "female"}}, *({"resource": one} for one in resources)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def glucose(number: int, **more: Any) -> dict[str, Any]:
    """A laboratory result of the `number`th day of May."""
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "identifier": [{"system": "urn:lab", "value": f"L{number}"}],
        "status": "final",
        "category": [{"coding": [{"system": OBSERVATION, "code": "laboratory"}]}],
        "code": {"coding": [{"system": LOINC, "code": "2339-0" if number % 2 else "2951-2"}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": f"2026-05-{number:02}T08:00:00Z",
        "valueQuantity": {"value": number, "unit": "mmol/L"},
        **more,
    }


def problem(name: str = "c1", code: str = "E11.9") -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": name,
        "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": code}]},
        "subject": {"reference": "Patient/p1"},
        "recordedDate": "2026-05-04",
    }


def link(answer: Any, relation: str) -> str | None:
    return next((one["url"] for one in answer.json["link"] if one["relation"] == relation), None)


def matches(answer: Any) -> list[dict[str, Any]]:
    get_fhir_model_class("Bundle").model_validate(answer.json)
    rows = answer.json.get("entry", [])
    return [row["resource"] for row in rows if row["search"]["mode"] == "match"]

"""Documents that a hospital publishes, changes and takes back, and what people read of them."""

from __future__ import annotations

import json
from typing import Any

from tests.app.gateway.content import CLINICAL, OBSERVATION, proposal
from tests.app.gateway.people import Person
from tests.app.gateway.world import World

SUBJECT = {"reference": "Patient/p"}


def result(value: float, name: str = "o1", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "category": [{"coding": [{"system": OBSERVATION, "code": "laboratory"}]}],
        "code": {"text": "Glucose"},
        "subject": SUBJECT,
        "effectiveDateTime": "2026-05-04T08:00:00Z",
        "valueQuantity": {"value": value, "unit": "mmol/L"},
    } | more


def diagnosis(code: str, name: str = "c1") -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": name,
        "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": code}]},
        "subject": SUBJECT,
        "recordedDate": "2026-05-04",
    }


def bundle(*resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    entries = [
        {"resource": {"resourceType": "Patient", "id": "p"}},
        *({"resource": one} for one in resources),
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries} | more


class Desk:
    """Mercy's system publishes about one patient, who reads at the same gateway; about a stranger without a directory if
    one is named."""

    def __init__(self, world: World, stranger: Person | None = None) -> None:
        self.world, self.mercy = world, world.mercy
        self.patient = stranger or world.patient(world.mercy)
        if stranger is None:
            self.patient.open_session("PATRQT")
        self.ref = self.mercy.link(f"V-{self.patient.wallet.address[:10]}", self.patient)

    def publishes(self, *resources: dict[str, Any], replaces: str = "", **more: Any) -> list[dict[str, Any]]:
        """The responses, one a record."""
        headers = {"X-Consentry-Patient-Ref": self.ref}
        if replaces:
            headers["X-Consentry-Replaces"] = replaces
        answer = self.mercy.publish(bundle(*resources, **more), **headers)
        assert answer.status_code == 200, answer.text
        return [one["response"] for one in json.loads(answer.data)["entry"]]

    def reads(self, who: Person | None = None, ref: str = "self") -> list[dict[str, Any]]:
        """Everything but the Patient resource and the emergency summary, which repeats what other records say."""
        answer = (who or self.patient).send("GET", f"/fhir/Patient/{ref}/$everything")
        assert answer.status_code == 200, answer.text
        found = [one["resource"] for one in json.loads(answer.data).get("entry", ())]
        assert [one for one in found if one["resourceType"] == "OperationOutcome"] == []
        return [one for one in found if one["resourceType"] != "Patient" and not _of_summary(one)]

    def history(self, who: Person | None = None, ref: str = "self") -> list[dict[str, Any]]:
        answer = (who or self.patient).send("GET", f"/fhir/Patient/{ref}/$everything?_history=true")
        assert answer.status_code == 200, answer.text
        told = json.loads(answer.data)
        assert (told["type"], told["total"]) == ("history", len(told.get("entry", ())))
        return list(told.get("entry", ()))


def _of_summary(resource: dict[str, Any]) -> bool:
    tags = resource.get("meta", {}).get("tag", ())
    return {"system": "urn:consentry:category", "code": "emergency"} in tags


def values(found: list[dict[str, Any]]) -> list[float]:
    return sorted(one["valueQuantity"]["value"] for one in found if "valueQuantity" in one)


def record(response: dict[str, Any]) -> str:
    return str(response["location"]).rpartition(":")[2]


def said(response: dict[str, Any]) -> dict[str, str]:
    """What extensions say, by the last word of their URL."""
    return {
        one["url"].rpartition(":")[2]: str(next(value for key, value in one.items() if key != "url"))
        for one in response["extension"]
    }


def reader_of(desk: Desk, world: World, said: dict[str, Any]) -> tuple[Person, str]:
    """Somebody at the same hospital under the patient's consent."""
    asked = proposal(desk.patient.did) | {"terms": said}
    made = desk.mercy.send("POST", "/api/consents/proposals", asked).json
    signature = desk.patient.wallet.sign_typed(made["typedData"])
    path = f"/api/consents/{made['id']}/grant"
    granted = desk.patient.send("POST", path, {"signature": f"0x{signature.hex()}"})
    assert granted.status_code == 200, granted.text
    bose = world.staff(desk.mercy)
    bose.open_session("TREAT")
    return bose, desk.ref

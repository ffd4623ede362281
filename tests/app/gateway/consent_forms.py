"""FHIR Consents as a hospital's system sends them, and as a wallet signs what comes back."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any

from werkzeug.test import TestResponse

from consentry.fhir.consent_showing import SIGNATURE
from tests.app.gateway.people import Hospital, Person

SIGNED = {
    "type": [{"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.7"}],
    "when": "2026-11-22T09:00:00Z",
    "who": {"reference": "Patient/self"},
}
REASONS = "http://terminology.hl7.org/CodeSystem/v3-ActReason"


def consent(ref: str, **provision: Any) -> dict[str, Any]:
    return {
        "resourceType": "Consent",
        "status": "active",
        "scope": {
            "coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}
            ]
        },
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "identifier": [{"system": "urn:his:forms", "value": "F-17"}],
        "patient": {"reference": f"Patient/{ref}"},
        "dateTime": "2026-11-22",
        "policy": [{"uri": "http://example.org/policies/basePrivacyConsentPolicy.txt"}],
        "provision": {"type": "permit", "purpose": [{"system": REASONS, "code": "TREAT"}], **provision},
    }


def sent(who: Hospital | Person, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
    return who.send(method, f"/fhir/{path}", body, **headers)


def typed(resource: dict[str, Any], url: str) -> Any:
    found = [one["valueAttachment"] for one in resource["extension"] if one["url"] == url]
    return json.loads(b64decode(found[0]["data"])) if found else None


def signed(who: Person, resource: dict[str, Any], url: str, status: str) -> dict[str, Any]:
    """The resource as it is, with a status and the wallet's signature over what it says is to be signed."""
    raw = who.wallet.sign_typed(typed(resource, url))
    extension = {"url": SIGNATURE, "valueSignature": SIGNED | {"data": b64encode(raw).decode()}}
    return resource | {"status": status, "extension": [*resource["extension"], extension]}


def problem(answer: TestResponse) -> tuple[int, str, Any]:
    assert answer.content_type.startswith("application/fhir+json"), answer.text
    issue = answer.json["issue"][0]
    return answer.status_code, issue["details"]["coding"][0]["code"], issue.get("expression")

"""Reading a gateway's audit trail."""

from __future__ import annotations

from typing import Any

from fhir.resources.R4B.auditevent import AuditEvent

from tests.app.fhir.balp import require_profile
from tests.app.gateway.people import Person

TRAIL = "/fhir/AuditEvent"
SHAPED = "IHE.BasicAudit."


def events(person: Person, query: str = "", path: str = TRAIL) -> list[dict[str, Any]]:
    """What somebody finds, newest first; each one is shaped as it says."""
    answer = person.send("GET", f"{path}?{query}" if query else path)
    assert answer.status_code == 200, answer.text
    found = [row["resource"] for row in answer.json.get("entry", [])]
    for one in found:
        AuditEvent.model_validate(one)
        shape = one["meta"]["tag"][0]["code"]
        if shape.startswith(SHAPED) and (one["outcome"] == "0" or shape.endswith("AuthZconsent")):
            require_profile(one, shape.removeprefix(SHAPED))
    return found


def of_request(person: Person, answer: Any) -> list[dict[str, Any]]:
    """The events that a request left, decisions last."""
    identifier = answer.headers["X-Request-Id"]
    found = events(person, "_count=200")
    decided = [one for one in found if one["type"]["code"] == "110113"]
    rest = [one for one in found if identifier in (what(one, "XrequestId"))]
    recorded = {one["recorded"] for one in rest}
    return rest + [one for one in decided if one["recorded"] in recorded][: len(rest)]


def shape(event: dict[str, Any]) -> str:
    return str(event["meta"]["tag"][0]["code"]).removeprefix(SHAPED)


def what(event: dict[str, Any], code: str) -> list[str]:
    """The identifiers of its entities of this type."""
    return [
        one["what"]["identifier"]["value"]
        for one in event["entity"]
        if one["type"]["code"] == code and "identifier" in one.get("what", {})
    ]


def details(event: dict[str, Any], name: str) -> list[str]:
    found = [row for one in event["entity"] for row in one.get("detail", ())]
    return [row["valueString"] for row in found if row["type"] == name]

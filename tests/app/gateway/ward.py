"""An emergency at a gateway: two people who open, a third who reviews, and what a hospital knows of the patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from consentry.domain import fields
from tests.app.gateway.content import bundle
from tests.app.gateway.people import Hospital, Person
from tests.app.gateway.world import World

HOUR = 3600
OPENINGS = "/api/emergency/openings"


def with_contact(mrn: str, name: str = "Bob") -> dict[str, Any]:
    """A visit, and whom to call: a record of category `emergency` besides the others."""
    made = bundle(mrn)
    contact = {
        "resourceType": "RelatedPerson",
        "id": "r1",
        "patient": {"reference": "Patient/p1"},
        "name": [{"family": name}],
        "telecom": [{"system": "phone", "value": "+1 555 0100"}],
    }
    made["entry"].append({"resource": contact})
    return made


@dataclass
class Ward:
    """City's emergency room: `bose` and `li` open, `chen` does not."""

    world: World
    city: Hospital
    bose: Person
    li: Person
    chen: Person

    def propose(self, patient: str, seconds: int = HOUR) -> TestResponse:
        pair = {"first": self.bose.wallet.address, "second": self.li.wallet.address}
        body = {"patient": patient, "seconds": seconds, "again": True} | pair
        return self.bose.send("POST", f"{OPENINGS}/proposals", body)

    def open(self, patient: str, seconds: int = HOUR) -> str:
        """The id of an opening that both signed."""
        proposed = self.propose(patient, seconds)
        assert proposed.status_code == 201, proposed.text
        answer = self.relay(proposed.json, self.bose, self.li)
        assert answer.status_code == 201, answer.text
        assert answer.json["id"] == proposed.json["id"]
        return str(answer.json["id"])

    def relay(self, proposed: Any, first: Person, second: Person) -> TestResponse:
        signed = {
            f"{name}Signature": fields.to_hex(person.wallet.sign_typed(proposed["typedData"]))
            for name, person in (("first", first), ("second", second))
        }
        return self.bose.send("POST", OPENINGS, {"opening": proposed["opening"]} | signed)

    def sign_at(self, who: Person, path: str) -> TestResponse:
        """Have somebody sign what this address words, and relay it there."""
        told = who.send("GET", f"{OPENINGS}/{path}")
        assert told.status_code == 200, told.text
        signature = fields.to_hex(who.wallet.sign_typed(told.json["typedData"]))
        return who.send("POST", f"{OPENINGS}/{path}", {"signature": signature})

    def read(self, who: Person, opening: str, ref: str = "emergency") -> TestResponse:
        assert who.open_session("ETREAT").status_code == 201
        return who.send("GET", f"/fhir/Patient/{ref}/$everything", **{"X-Consentry-Opening": opening})

    def listed(self, opening: str) -> dict[str, Any] | None:
        found = self.chen.send("GET", OPENINGS).json["openings"]
        return next((one for one in found if one["id"] == opening), None)


def ward_at(world: World) -> Ward:
    """People of City made anew."""
    people = [world.staff(world.city, role) for role in ("attending", "nurse", "attending")]
    return Ward(world, world.city, *people)

"""What answers and refusals tell nobody (F-20, F-23, J-6)."""

from __future__ import annotations

import secrets

import pytest

from tests.app.gateway.shelves import Ward, glucose, link, matches, ward
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World

UNKNOWN = "0" * 32


@pytest.fixture
def shelf(world: World) -> Ward:
    return ward(world, f"T-{secrets.token_hex(4)}")


@pytest.mark.parametrize(
    "path",
    [
        "Patient/{}",
        "Observation?patient={}",
        "Patient/{}/$everything",
        "Patient/{}/Condition",
        "Consent?patient={}",
    ],
)
def test_patient_does_not_learn_whose_reference_is_known(world: World, shelf: Ward, path: str) -> None:
    """F-23: a reference of somebody else is answered as one that nobody has."""
    bob = world.patient(world.city)
    bob.open_session("PATRQT")
    told = [bob.send("GET", f"/fhir/{path.format(ref)}") for ref in (shelf.ref, UNKNOWN)]
    assert [(one.status_code, code_of(one)) for one in told] == [(404, "patient-not-linked")] * 2
    assert told[0].json == told[1].json
    own = shelf.alice.send("GET", f"/fhir/Patient/{shelf.ref}")
    assert own.status_code == 200 and own.json["id"] == shelf.ref


def test_links_of_a_search_name_no_number(shelf: Ward) -> None:
    """F-23: what a client sent in a body comes back in no address, and the rest of the search does."""
    shelf.publish(glucose(3))
    shelf.grant("laboratory")
    form = {
        "subject:identifier": f"urn:mrn|{shelf.mrn}",
        "performer:identifier": "urn:mrn|secret",
        "status": "final",
    }
    headers = {"Authorization": f"Bearer {shelf.world.city.key}"} | shelf.headers
    for path in ("Observation/_search", f"Patient/{shelf.ref}/Observation/_search"):
        asked = form if "Patient" in path else form | {"patient": shelf.ref}
        answer = shelf.world.city.client.post(f"/fhir/{path}", data=asked, headers=headers)
        address = str(link(answer, "self"))
        assert answer.status_code == 200 and shelf.mrn not in address and "secret" not in address
        assert shelf.ref in address and "status=final" in address
        assert matches(shelf.get(address)), "without numbers it finds more, and still of this patient alone"


def test_patient_sends_no_large_bodies(world: World, shelf: Ward) -> None:
    """F-12: anybody may become a patient; what only reads is asked for in little."""
    shelf.alice.open_session("PATRQT")
    row = {"request": {"method": "GET", "url": "Observation?patient=self"}}
    sent = {"resourceType": "Bundle", "type": "batch", "entry": [row], "signature": {"data": "A" * 270_000}}
    told = [
        shelf.alice.send("POST", "/fhir", sent),
        shelf.alice.send("POST", "/fhir/Patient/self/$everything", sent),
        shelf.dr_bose.send("POST", f"/fhir/Patient/{shelf.ref}/$everything", sent),
    ]
    assert [(one.status_code, code_of(one)) for one in told] == [(413, "bundle-too-large")] * 3
    assert shelf.alice.send("POST", "/fhir", {**sent, "signature": {"data": "AAAA"}}).status_code == 200
    assert shelf.dr_bose.send("POST", "/fhir", sent).status_code == 200

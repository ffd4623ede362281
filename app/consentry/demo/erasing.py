"""Alice has an old record erased; what the law still keeps stays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from consentry.bootstrap.author import open_author
from consentry.cli.erasing import send_order
from consentry.config import read_gateway_config
from consentry.crypto import keystore
from consentry.demo.actors import resources
from consentry.demo.bundles import MRN_SYSTEM
from consentry.demo.cast import ALICE, Cast, counted
from consentry.demo.telling import Telling
from consentry.domain import fields
from consentry.errors import ErasureBlocked
from consentry.fhir.merge import RECORD_TAG
from consentry.services import erasure

YEAR = "2009"
_PERSON = "urn:uuid:00000000-0000-4000-8000-000000200901"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"


def erased(cast: Cast, telling: Telling) -> None:
    network, folder = cast.network, cast.network.place.member("mercy")
    seed = network.place.read_keys(folder / "copy.keystore")["copy"]
    telling.heading("Alice wants to be forgotten")
    with open_author(
        read_gateway_config(folder / "gateway.json"), lambda: keystore.passphrase_from_env(_passphrase(cast))
    ) as own:
        with telling.tell(
            f"Mercy holds a vaccination of hers of {YEAR}; she asks for it to be erased"
        ) as step:
            old = _record(cast.mercy.publish(_vaccination(), cast.ref_at_mercy))
            step.expect(_vaccinations(cast) == 1, "the vaccination cannot be read")
            erasure.erase(old, seed, own.author, own.erasing)
            erasure.order_elsewhere(old, network.gateways["city"], send_order, own.erasing)
            step.expect(_vaccinations(cast) == 0, "the erased record can still be read")
            (done,) = erasure.erase(old, seed, own.author, own.erasing)
            blocks = [cid for one in done.certificates for cid in one.deleted]
            step.saw(
                f"retracted on chain; {counted(blocks, 'block')}, the content and Mercy's copy of its key are deleted; "
                f"{counted(done.certificates, 'store')} signed for it"
            )
        with telling.tell(
            "her laboratory results stay, whoever asks: the law keeps them for ten years"
        ) as step:
            results = _record(cast.mercy.publish(_results(), cast.ref_at_mercy))
            try:
                erasure.erase(results, seed, own.author, own.erasing)
            except ErasureBlocked as error:
                step.saw(f"{error.code}: {error.diagnostics}")
            else:
                step.expect(False, "the law's clock was passed over")


def _passphrase(cast: Cast) -> Mapping[str, str]:
    return cast.network.place.environment()


def _vaccinations(cast: Cast) -> int:
    """How many vaccinations of that year Alice finds about herself."""
    cast.alice.open_session("PATRQT")
    found = resources(cast.alice.everything("self"))
    return sum(str(one.get("occurrenceDateTime", "")).startswith(YEAR) for one in found)


def _record(answer: Mapping[str, Any]) -> bytes:
    location = answer["entry"][0]["response"]["location"].removeprefix(f"{RECORD_TAG}:")
    return fields.hex_bytes(location, "location")


def _vaccination() -> bytes:
    return _bundle(
        {
            "resourceType": "Immunization",
            "status": "completed",
            "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "09"}]},
            "patient": {"reference": _PERSON},
            "occurrenceDateTime": f"{YEAR}-05-04",
        }
    )


def _results() -> bytes:
    return _bundle(
        {
            "resourceType": "Observation",
            "status": "final",
            "category": [{"coding": [{"system": _CATEGORY, "code": "laboratory"}]}],
            "code": {"coding": [{"system": "http://loinc.org", "code": "2339-0"}]},
            "subject": {"reference": _PERSON},
            "effectiveDateTime": f"{YEAR}-05-04T08:00:00Z",
            "valueQuantity": {"value": 5.4, "unit": "mmol/L"},
        }
    )


def _bundle(resource: dict[str, Any]) -> bytes:
    """One resource about Alice, under a name of its own."""
    person = {"resourceType": "Patient", "identifier": [{"system": MRN_SYSTEM, "value": ALICE.mrn}]}
    name = f"urn:uuid:{uuid5(NAMESPACE_OID, json.dumps(resource))}"
    rows = [{"fullUrl": _PERSON, "resource": person}, {"fullUrl": name, "resource": resource}]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": rows}).encode()

"""What else unmodified clients are given: people, provenance, and to the patient the events of the audit trail; all valid R4."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fhirpy import SyncFHIRClient

from consentry.demo.actors import Hospital, Patient
from consentry.network.run import Network
from tests.journeys.fhir_ward import AT_MERCY, Ward, noting, open_ward


@pytest.fixture(scope="module")
def ward(network: Network, mercy: Hospital, city: Hospital, new_patient: Callable[[], Patient]) -> Ward:
    return open_ward(network, mercy, city, new_patient(), "FR-1")


def test_fhirpy_reads_people_and_provenance(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """F-34, F-22 to F-24: the patient, the members, the staff, and who wrote and released what."""
    with noting(monkeypatch.setattr) as seen:
        client = SyncFHIRClient(ward.base, authorization=f"Bearer {ward.token()}")
        results = client.resources("Observation").search(patient=f"Patient/{ward.ref}")
        found = results.revinclude("Provenance", "target").fetch_raw()
        kinds = [entry["resource"]["resourceType"] for entry in found["entry"]]
        assert kinds.count("Observation") == AT_MERCY and "Provenance" in kinds
        assert client.reference("Patient", ward.ref).to_resource().id == ward.ref
        names = [one["name"] for one in client.resources("Organization").fetch_all()]
        assert {"City Hospital", "Mercy Hospital"} <= set(names)
        (doctor,) = client.resources("Practitioner").search(identifier=ward.doctor).fetch_all()
        assert ward.doctor in str(doctor.serialize())
    assert seen.validate() > 0


def test_fhirpy_shows_a_patient_who_read_what(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """F-34, J-5, J-6: with the token of a wallet's sign-in, as any other client has."""
    with noting(monkeypatch.setattr) as seen:
        client = SyncFHIRClient(ward.base, authorization=f"Bearer {ward.token()}")
        client.resources("Observation").search(patient=f"Patient/{ward.ref}").fetch()
        own = SyncFHIRClient(ward.base, authorization=f"Bearer {ward.wallet_token()}")
        events = own.resources("AuditEvent").search(patient="Patient/self").fetch_all()
        assert {one["action"] for one in events} & {"E", "R"}
    assert seen.validate() > 0

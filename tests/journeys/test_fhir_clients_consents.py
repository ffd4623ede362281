"""Consents through an unmodified FHIR client: proposed by the hospital's system, signed by the patient's wallet, read under."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import ForbiddenError, OperationOutcome

from consentry.demo.actors import Hospital, Patient
from consentry.fhir.consent_showing import TO_GRANT, TO_REVOKE
from consentry.network.run import Network
from tests.app.gateway.consent_forms import consent, signed
from tests.journeys.fhir_ward import AT_MERCY, Ward, closed_ward, noting


@pytest.fixture(scope="module")
def ward(network: Network, mercy: Hospital, city: Hospital, new_patient: Callable[[], Patient]) -> Ward:
    return closed_ward(network, mercy, city, new_patient(), "FN-1")


def plain(resource: Any) -> dict[str, Any]:
    return dict(resource.serialize())


def results(client: Any, ward: Ward) -> int | None:
    """How many of the patient's results the system may see; None without a ground."""
    try:
        return int(client.resources("Observation").search(patient=f"Patient/{ward.ref}").count())
    except ForbiddenError as refused:
        assert "no-ground" in str(refused)
        return None


def statuses(client: Any, ward: Ward) -> list[str]:
    return [one["status"] for one in client.resources("Consent").search(patient=ward.ref).fetch_all()]


def test_fhirpy_proposes_a_consent_that_the_patients_wallet_grants_and_revokes(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-31, N-5, N-6: proposed, active once the chain knows it, and what it permits; inactive, and nothing more."""
    with noting(monkeypatch.setattr) as seen:
        client = SyncFHIRClient(ward.base, authorization=f"Bearer {ward.token()}")
        assert results(client, ward) is None
        made = client.resource("Consent", **consent(ward.ref)).save()
        assert (made["status"], statuses(client, ward)) == ("proposed", ["proposed"])
        unsigned = client.resource("Consent", **plain(made) | {"status": "active"})
        with pytest.raises(OperationOutcome) as refused:
            unsigned.save()
        assert "consent-signature-missing" in str(refused.value)

        granting = signed(ward.patient, plain(made), TO_GRANT, "active")
        granted = client.resource("Consent", **granting).save()
        assert (granted["status"], statuses(client, ward)) == ("active", ["active"])
        found = client.resources("Consent").search(patient=ward.ref, status="active").fetch()
        assert [one.id for one in found] == [made.id]
        assert results(client, ward) == AT_MERCY

        revoking = signed(ward.patient, plain(granted), TO_REVOKE, "inactive")
        revoked = client.resource("Consent", **revoking).save()
        assert (revoked["status"], statuses(client, ward)) == ("inactive", ["inactive"])
        assert results(client, ward) is None
    assert seen.validate() > 0

"""Patients whose identity was deactivated (C-22, I-7)."""

import pytest

from tests.contracts.calls import view
from tests.contracts.consent.reasons import Reason
from tests.contracts.consents import ZERO_ADDRESS, asked, asker, facts, revocation
from tests.contracts.reverts import reverts_with

REVOKED = 2


@pytest.fixture
def deactivate(identities, alice):
    return lambda: identities.changeOwner(alice.address, ZERO_ADDRESS, {"from": alice.account})


def test_permits_refuses_when_the_patient_is_deactivated(
    consents, ask, granted, deactivate, dr_bose, mercy_hospital
):
    """C-22, C-12, C-14"""
    assert ask(granted, grant=False) is Reason.Permitted
    deactivate()
    assert ask(granted, grant=False) is Reason.PatientDeactivated
    shown = asked(granted.grant(consents), granted.terms, asker(dr_bose))
    assert Reason(view(consents, "permitsDirectory", shown, "laboratory")) is Reason.PatientDeactivated
    assert view(consents, "permitsMany", shown, [facts(mercy_hospital)]) == (Reason.PatientDeactivated,)


def test_permits_refuses_when_the_patient_of_a_mandate_is_deactivated(
    consents, ask, draft, mandated, under_mandate, deactivate
):
    """C-20, C-22"""
    under_mandate["mandate"]("grant", draft)
    deactivate()
    under = (mandated.carried(consents), mandated.scope)
    assert ask(draft, grant=False, under=under) is Reason.PatientDeactivated


def test_grant_reverts_when_the_patient_is_deactivated(consents, draft, mandate, alice, relayer, deactivate):
    """C-3, C-22"""
    deactivate()
    consent_id, mandate_id = draft.consent_id(consents), mandate.mandate_id(consents)
    grant, carried = draft.grant(consents), mandate.carried(consents)
    with reverts_with("ConsentActorUnauthorized", alice.address, alice):
        consents.grant(grant, {"from": alice.account})
    with reverts_with("ConsentSignatureInvalid", alice.address, consent_id):
        consents.grantBySignature(grant, alice.sign(draft.typed(consents)), {"from": relayer})
    with reverts_with("ConsentSignatureInvalid", alice.address, consent_id):
        consents.grantMany([grant], [alice.sign(draft.typed(consents))], {"from": relayer})
    with reverts_with("MandateActorUnauthorized", mandate_id, alice):
        consents.grantMandate(carried, {"from": alice.account})
    for signature in (alice.sign(mandate.typed(consents)), bytes(65), b""):
        with reverts_with("MandateSignatureInvalid", mandate_id, ZERO_ADDRESS):
            consents.grantMandateBySignature(carried, signature, {"from": relayer})


def test_representatives_grant_nothing_when_the_patient_is_deactivated(
    draft, alice, mandate_path, deactivate
):
    """C-18, C-22"""
    deactivate()
    with reverts_with("ConsentPatientDeactivated", alice.address):
        mandate_path("grant", draft)


def test_representatives_still_revoke_when_the_patient_is_deactivated(
    consents, draft, mandate_path, deactivate
):
    """C-19, C-21, C-22: the patient's own side is nobody any more."""
    mandate_path("grant", draft)
    deactivate()
    mandate_path("revoke", draft)
    assert consents.consentOf(draft.patient, draft.consent_id(consents))[0] == REVOKED


def test_revoke_reverts_when_the_patient_is_deactivated(consents, granted, alice, relayer, deactivate):
    """C-22: there is nobody left to act, and nothing left to release."""
    deactivate()
    consent_id = granted.consent_id(consents)
    with reverts_with("ConsentActorUnauthorized", alice.address, alice):
        consents.revoke(alice.address, consent_id, {"from": alice.account})
    signature = alice.sign(revocation(alice.address, consent_id, consents))
    with reverts_with("ConsentSignatureInvalid", alice.address, consent_id):
        consents.revokeBySignature(alice.address, consent_id, signature, {"from": relayer})
    assert not consents.actsFor(alice.address, alice.address)

"""What a representative does under its mandate (C-18, C-19). One test per leaf of under_mandate.tree."""

from dataclasses import replace

import brownie
import pytest

from tests.contracts.consents import ZERO_WORD, Person, revocation, text32
from tests.contracts.reverts import reverts_with

DAY = 86400
UNKNOWN, GRANTED, REVOKED = range(3)


def test_grant_under_mandate_remembers_the_mandate_when_inside(consents, draft, mandated, mandate_path):
    """C-18"""
    tx = mandate_path("grant", draft)
    consent_id = draft.consent_id(consents)
    assert str(consents.mandateOf(consent_id)) == mandated.mandate_id(consents)
    window = (draft.valid_from, draft.valid_until)
    assert tuple(consents.consentOf(draft.patient, consent_id)) == (GRANTED, *window, tx.timestamp)
    assert "MandateGranted" not in tx.events


def test_grant_under_mandate_allows_exactly_its_window_when_the_consent_fills_it(
    consents, draft, mandated, mandate_path
):
    """C-18"""
    mandate_path("grant", replace(draft, valid_from=mandated.valid_from, valid_until=mandated.valid_until))


@pytest.mark.parametrize("change", [{"valid_from": -1}, {"valid_until": 1}], ids=["before", "after"])
def test_grant_under_mandate_reverts_when_the_window_is_wider(
    draft, consents, mandated, mandate_path, change
):
    """C-18"""
    wider = replace(draft, **{name: getattr(mandated, name) + by for name, by in change.items()})
    values = (mandated.mandate_id(consents), wider.valid_from, wider.valid_until)
    with reverts_with("MandateWindowExceeded", *values):
        mandate_path("grant", wider)


def test_grant_under_mandate_reverts_when_the_mandate_is_unknown(consents, draft, mandated, mandate_path):
    """C-18"""
    other = replace(mandated, valid_until=mandated.valid_until + 1)
    with reverts_with("MandateNotGranted", other.mandate_id(consents), UNKNOWN):
        mandate_path("grant", draft, other)


def test_grant_under_mandate_reverts_when_the_mandate_is_revoked(
    consents, draft, alice, mandated, mandate_path
):
    """C-17, C-18"""
    consents.revoke(alice.address, mandated.mandate_id(consents), {"from": alice.account})
    with reverts_with("MandateNotGranted", mandated.mandate_id(consents), REVOKED):
        mandate_path("grant", draft)


@pytest.mark.parametrize(("start", "end"), [(1, 5), (-1, 1)], ids=["early", "late"])
def test_grant_under_mandate_reverts_when_the_mandate_is_not_in_force(
    consents, draft, alice, mandate, mandate_path, now, start, end
):
    """C-18"""
    other = replace(mandate, valid_from=now + start * DAY, valid_until=now + end * DAY)
    consents.grantMandate(other.carried(consents), {"from": alice.account})
    inside = replace(
        draft, valid_from=other.valid_from, valid_until=other.valid_until, relay_before=now + 9 * DAY
    )
    if start < 0:
        brownie.chain.sleep(DAY + 1)
    with reverts_with("MandateNotInForce", other.mandate_id(consents), other.valid_from, other.valid_until):
        mandate_path("grant", inside, other)


def test_grant_under_mandate_reverts_when_the_patient_is_another(
    consents, draft, mallory, mandated, mandate_path
):
    """C-18"""
    other = replace(draft, patient=mallory.address)
    with reverts_with("MandatePatientOther", mandated.mandate_id(consents), mallory.address):
        mandate_path("grant", other)


def test_grant_under_mandate_reverts_when_caller_is_not_the_representative(
    consents, draft, alice, mallory, mandated
):
    """C-18: the patient, too, grants without it."""
    for stranger in (alice, mallory):
        with reverts_with("MandateActorUnauthorized", mandated.mandate_id(consents), stranger):
            consents.grantUnderMandate(
                draft.grant(consents), mandated.carried(consents), {"from": stranger.account}
            )


def test_grant_under_mandate_by_signature_reverts_when_signature_is_another(
    consents, draft, alice, alices_daughter, mallory, mandated, relayer
):
    """C-4, C-18"""
    typed = draft.typed(consents)
    values = (mandated.mandate_id(consents), alices_daughter.address)
    for signature in (
        mallory.sign(typed),
        alice.sign(typed),
        alices_daughter.sign(mandated.typed(consents)),
        alices_daughter.sign(replace(draft, valid_until=draft.valid_until + 1).typed(consents)),
        alices_daughter.sign(typed)[:64],
        b"",
    ):
        with reverts_with("MandateSignatureInvalid", *values):
            consents.grantUnderMandateBySignature(
                draft.grant(consents), mandated.carried(consents), signature, {"from": relayer}
            )


def test_grant_under_mandate_works_when_the_representative_is_a_wallet(
    consents, draft, alice, alices_daughter, mandate, relayer, consortium
):
    """C-18, C-19: ERC-1271"""
    wallet = brownie.WalletMock.deploy(alices_daughter.address, {"from": consortium})
    other = replace(mandate, representative=wallet.address)
    carried = other.carried(consents)
    consents.grantMandate(carried, {"from": alice.account})
    signature = alices_daughter.sign(draft.typed(consents))
    consents.grantUnderMandateBySignature(draft.grant(consents), carried, signature, {"from": relayer})
    consent_id = draft.consent_id(consents)
    signature = alices_daughter.sign(revocation(alice.address, consent_id, consents))
    consents.revokeUnderMandateBySignature(consent_id, carried, signature, {"from": relayer})
    assert consents.consentOf(alice.address, consent_id)[0] == REVOKED


@pytest.mark.parametrize("status", [1, 2, 3], ids=["active", "closed", "distrusted"])
def test_revoke_under_mandate_revokes_what_was_granted_under_it_when_asked(
    consents, draft, mandate_path, authority, consortium, status
):
    """C-19, C-21"""
    mandate_path("grant", draft)
    authority.setRegistry(consents, text32("ConsentRegistry"), status, {"from": consortium})
    tx = mandate_path("revoke", draft)
    consent_id = draft.consent_id(consents)
    assert consents.consentOf(draft.patient, consent_id)[0] == REVOKED
    assert dict(tx.events["ConsentRevoked"]) == {"patient": draft.patient, "consentId": consent_id}
    with reverts_with("ConsentAlreadyRevoked", consent_id):
        mandate_path("revoke", draft)


def test_revoke_under_mandate_reverts_when_granted_otherwise(
    consents, draft, granted, alice, mandated, mandate, mandate_path
):
    """C-19: by the patient, under another mandate, or never."""
    mandate_id = mandated.mandate_id(consents)
    with reverts_with("ConsentNotUnderMandate", granted.consent_id(consents), mandate_id):
        mandate_path("revoke", granted)
    other = replace(mandate, valid_until=mandate.valid_until + 1)
    consents.grantMandate(other.carried(consents), {"from": alice.account})
    elsewhere = replace(draft, valid_until=draft.valid_until + 1)
    with reverts_with("ConsentNotUnderMandate", elsewhere.consent_id(consents), mandate_id):
        mandate_path("revoke", elsewhere)
    mandate_path("grant", elsewhere, other)
    with reverts_with("ConsentNotUnderMandate", elsewhere.consent_id(consents), mandate_id):
        mandate_path("revoke", elsewhere)


def test_revoke_under_mandate_reverts_when_caller_or_signature_is_another(
    consents, draft, alice, alices_daughter, mandated, under_mandate, relayer
):
    """C-19"""
    under_mandate["mandate"]("grant", draft)
    consent_id, carried = draft.consent_id(consents), mandated.carried(consents)
    mallory, mandate_id = Person.named("mallory"), mandated.mandate_id(consents)
    with reverts_with("MandateActorUnauthorized", mandate_id, mallory):
        consents.revokeUnderMandate(consent_id, carried, {"from": mallory.account})
    typed = revocation(alice.address, consent_id, consents)
    other = revocation(alice.address, ZERO_WORD, consents)
    for signature in (mallory.sign(typed), alices_daughter.sign(other), b""):
        with reverts_with("MandateSignatureInvalid", mandate_id, alices_daughter.address):
            consents.revokeUnderMandateBySignature(consent_id, carried, signature, {"from": relayer})


def test_revoke_ends_it_when_the_patient_revokes_what_was_granted_under_a_mandate(
    consents, draft, alice, under_mandate
):
    """C-3, C-18"""
    under_mandate["mandate"]("grant", draft)
    consents.revoke(alice.address, draft.consent_id(consents), {"from": alice.account})
    assert consents.consentOf(alice.address, draft.consent_id(consents))[0] == REVOKED

"""Revoking (C-3, C-6). One test per leaf of revoke.tree."""

import pytest

from tests.contracts.consents import REPRESENTATIVE, revocation, text32
from tests.contracts.reverts import reverts_with

UNKNOWN, GRANTED, REVOKED = range(3)


def test_revoke_keeps_the_window_when_granted(consents, granted, path):
    """C-3, C-6"""
    tx = path("revoke", granted)
    consent_id = granted.consent_id(consents)
    assert tuple(consents.consentOf(granted.patient, consent_id)) == (
        REVOKED,
        granted.valid_from,
        granted.valid_until,
        tx.timestamp,
    )
    assert dict(tx.events["ConsentRevoked"]) == {"patient": granted.patient, "consentId": consent_id}


def test_revoke_tombstones_when_id_is_unknown(consents, draft, path):
    """C-6"""
    tx = path("revoke", draft)
    consent_id = draft.consent_id(consents)
    assert tuple(consents.consentOf(draft.patient, consent_id)) == (REVOKED, 0, 0, tx.timestamp)


def test_revoke_reverts_when_repeated(consents, granted, paths, path):
    """C-6"""
    paths["direct"]("revoke", granted)
    with reverts_with("ConsentAlreadyRevoked", granted.consent_id(consents)):
        path("revoke", granted)


@pytest.mark.parametrize("status", [2, 3], ids=["closed", "distrusted"])
def test_revoke_works_when_registry_is_not_active(consents, granted, path, authority, consortium, status):
    """C-6"""
    authority.setRegistry(consents, text32("ConsentRegistry"), status, {"from": consortium})
    path("revoke", granted)
    assert consents.consentOf(granted.patient, granted.consent_id(consents))[0] == REVOKED


def test_revoke_reverts_when_caller_is_a_stranger(consents, granted, mallory):
    """C-3"""
    with reverts_with("ConsentActorUnauthorized", granted.patient, mallory):
        consents.revoke(granted.patient, granted.consent_id(consents), {"from": mallory.account})


def test_revoke_touches_only_the_callers_consents_when_patient_differs(consents, granted, mallory):
    """C-6"""
    consent_id = granted.consent_id(consents)
    consents.revoke(mallory.address, consent_id, {"from": mallory.account})
    assert consents.consentOf(granted.patient, consent_id)[0] == GRANTED


def test_revoke_by_signature_reverts_when_signature_is_another(consents, granted, alice, mallory, relayer):
    """C-2 … C-4"""
    consent_id = granted.consent_id(consents)
    typed = revocation(granted.patient, consent_id, consents)
    silent = typed | {"message": typed["message"] | {"statement": "Yes"}}
    for signature in (
        mallory.sign(typed),
        alice.sign(silent),
        alice.sign(granted.typed(consents)),
        alice.sign(revocation(granted.patient, "0x" + "00" * 32, consents)),
        alice.sign(typed)[:64],
        b"",
    ):
        with reverts_with("ConsentSignatureInvalid", granted.patient, consent_id):
            consents.revokeBySignature(granted.patient, consent_id, signature, {"from": relayer})


def test_acts_for_names_controller_and_representatives_when_asked(
    consents, identities, alice, alices_daughter, mallory
):
    """C-3, I-1"""
    assert consents.actsFor(alice.address, alice.address)
    assert not consents.actsFor(alice.address, alices_daughter.address)
    assert not consents.actsFor("0x" + "00" * 20, "0x" + "00" * 20)
    identities.addDelegate(
        alice.address, REPRESENTATIVE, alices_daughter.address, 100, {"from": alice.account}
    )
    assert consents.actsFor(alice.address, alices_daughter.address)
    identities.revokeDelegate(alice.address, REPRESENTATIVE, alices_daughter.address, {"from": alice.account})
    assert not consents.actsFor(alice.address, alices_daughter.address)
    assert not consents.actsFor(alice.address, mallory.address)


def test_domain_is_public_when_asked(consents):
    """C-2"""
    fields, name, version, chain, contract, _, _ = consents.eip712Domain()
    assert (str(fields), name, version, contract) == ("0x0f", "Consentry", "1", consents.address)
    assert chain > 0

"""Replacing (C-15). One test per leaf of replace.tree."""

from dataclasses import replace

import pytest

from tests.contracts.consents import ZERO_WORD, text32
from tests.contracts.mandates import replacement
from tests.contracts.reverts import reverts_with

UNKNOWN, GRANTED, REVOKED = range(3)


@pytest.fixture
def narrower(draft):
    """The same consent for residents."""
    return replace(draft, terms=draft.terms | {"roles": ["resident"]})


def test_replace_revokes_and_grants_when_granted(consents, granted, narrower, path):
    """C-15, C-3"""
    old, new = granted.consent_id(consents), narrower.consent_id(consents)
    tx = path("replace", narrower, old)
    assert str(tx.return_value) == new
    assert consents.consentOf(granted.patient, old)[0] == REVOKED
    assert tuple(consents.consentOf(granted.patient, new)) == (
        GRANTED,
        narrower.valid_from,
        narrower.valid_until,
        tx.timestamp,
    )
    assert [event.name for event in tx.events if event.address == consents.address] == [
        "ConsentRevoked",
        "ConsentGranted",
    ]
    assert dict(tx.events["ConsentRevoked"]) == {"patient": granted.patient, "consentId": old}
    assert tx.events["ConsentGranted"]["consentId"] == new


def test_replace_reverts_when_old_is_unknown(narrower, path):
    """C-15"""
    with reverts_with("ConsentReplacedNotGranted", ZERO_WORD, UNKNOWN):
        path("replace", narrower, ZERO_WORD)


def test_replace_reverts_when_old_is_revoked(consents, granted, narrower, paths, path):
    """C-15"""
    paths["direct"]("revoke", granted)
    old = granted.consent_id(consents)
    with reverts_with("ConsentReplacedNotGranted", old, REVOKED):
        path("replace", narrower, old)


def test_replace_reverts_when_old_is_another_patients(consents, granted, narrower, mallory):
    """C-15"""
    old, hers = granted.consent_id(consents), replace(narrower, patient=mallory.address)
    with reverts_with("ConsentReplacedNotGranted", old, UNKNOWN):
        consents.replace(old, hers.grant(consents), {"from": mallory.account})


def test_replace_reverts_when_new_is_known(consents, granted, narrower, paths, path):
    """C-15, C-5"""
    old = granted.consent_id(consents)
    with reverts_with("ConsentAlreadyKnown", old, REVOKED):
        path("replace", granted, old)


def test_replace_keeps_the_old_when_the_new_is_refused(consents, granted, narrower, path):
    """C-15"""
    old = granted.consent_id(consents)
    empty = replace(narrower, valid_until=narrower.valid_from)
    with reverts_with("ConsentWindowEmpty", empty.valid_from, empty.valid_until):
        path("replace", empty, old)
    assert consents.consentOf(granted.patient, old)[0] == GRANTED


@pytest.mark.parametrize("status", [2, 3], ids=["closed", "distrusted"])
def test_replace_reverts_when_registry_is_not_active(
    consents, granted, narrower, path, authority, consortium, status
):
    """C-15, C-21"""
    authority.setRegistry(consents, text32("ConsentRegistry"), status, {"from": consortium})
    with reverts_with("ConsentRegistryNotActive", status):
        path("replace", narrower, granted.consent_id(consents))
    assert consents.consentOf(granted.patient, granted.consent_id(consents))[0] == GRANTED


def test_replace_reverts_when_caller_is_a_stranger(consents, granted, narrower, mallory):
    """C-3, C-15"""
    with reverts_with("ConsentActorUnauthorized", granted.patient, mallory):
        consents.replace(granted.consent_id(consents), narrower.grant(consents), {"from": mallory.account})


def test_replace_by_signature_reverts_when_signature_is_another(
    consents, granted, narrower, alice, mallory, relayer
):
    """C-2 … C-4, C-15: neither half of it, nor another old consent."""
    old, new = granted.consent_id(consents), narrower.consent_id(consents)
    typed = replacement(old, narrower, consents)
    silent = typed | {"message": typed["message"] | {"statement": "Yes"}}
    for signature in (
        mallory.sign(typed),
        alice.sign(silent),
        alice.sign(narrower.typed(consents)),
        alice.sign(replacement(new, narrower, consents)),
        alice.sign(replacement(old, granted, consents)),
        alice.sign(typed | {"domain": typed["domain"] | {"chainId": 1}}),
        alice.sign(typed)[:64],
        b"",
    ):
        with reverts_with("ConsentSignatureInvalid", granted.patient, new):
            consents.replaceBySignature(old, narrower.grant(consents), signature, {"from": relayer})
    with reverts_with("ConsentSignatureInvalid", granted.patient, new):
        consents.grantBySignature(narrower.grant(consents), alice.sign(typed), {"from": relayer})


def test_replace_makes_an_own_consent_when_old_was_under_a_mandate(
    consents, alice, draft, narrower, mandated, under_mandate
):
    """C-15, C-17: what the controller grants instead does not end with the mandate."""
    under_mandate["mandate"]("grant", draft)
    tx = consents.replace(draft.consent_id(consents), narrower.grant(consents), {"from": alice.account})
    assert str(consents.mandateOf(tx.return_value)) == ZERO_WORD

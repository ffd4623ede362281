"""Granting (C-1, C-3 … C-5). One test per leaf of grant.tree."""

from dataclasses import replace

import brownie
import pytest

from tests.contracts.consents import ORDER, REPRESENTATIVE, text32
from tests.contracts.reverts import reverts_with

UNKNOWN, GRANTED, REVOKED = range(3)
DAY = 86400
YEAR_10000 = 253402300800


def test_grant_stores_the_window_when_path_is_allowed(consents, draft, grant_path):
    """C-1, C-3"""
    tx = grant_path("grant", draft)
    consent_id = draft.consent_id(consents)
    assert str(tx.return_value) == consent_id
    assert tuple(consents.consentOf(draft.patient, consent_id)) == (
        GRANTED,
        draft.valid_from,
        draft.valid_until,
        tx.timestamp,
    )
    assert dict(tx.events["ConsentGranted"]) == {
        "patient": draft.patient,
        "consentId": consent_id,
        "validFrom": draft.valid_from,
        "validUntil": draft.valid_until,
    }


def test_grant_reverts_when_repeated(consents, draft, paths, grant_path):
    """C-5"""
    paths["direct"]("grant", draft)
    with reverts_with("ConsentAlreadyKnown", draft.consent_id(consents), GRANTED):
        grant_path("grant", draft)


def test_grant_reverts_when_id_was_revoked(consents, draft, paths, grant_path):
    """C-5, C-6"""
    paths["direct"]("revoke", draft)
    with reverts_with("ConsentAlreadyKnown", draft.consent_id(consents), REVOKED):
        grant_path("grant", draft)


def test_grant_reverts_when_relayed_too_late(consents, draft, grant_path):
    """C-5"""
    brownie.chain.sleep(DAY)
    with reverts_with("ConsentRelayTooLate", draft.consent_id(consents), draft.relay_before):
        # the representative's day ends just as late, so only the time matters here
        grant_path("grant", draft)


@pytest.mark.parametrize("length", [0, -5])
def test_grant_reverts_when_window_is_empty(draft, grant_path, now, length):
    """C-5"""
    empty = replace(draft, valid_from=now + 100, valid_until=now + 100 + length)
    with reverts_with("ConsentWindowEmpty", empty.valid_from, empty.valid_until):
        grant_path("grant", empty)


def test_grant_reverts_when_window_has_ended(consents, draft, grant_path, now):
    """C-5"""
    past = replace(draft, valid_until=now - 5)
    with reverts_with("ConsentExpired", past.consent_id(consents), past.valid_until):
        grant_path("grant", past)


@pytest.mark.parametrize("field", [2, 3, 4])
def test_grant_reverts_when_time_has_no_text(consents, draft, alice, field):
    """C-1"""
    values = list(draft.grant(consents))
    values[field] = YEAR_10000
    with reverts_with("IsoTimeOutOfRange", YEAR_10000):
        consents.grant(tuple(values), {"from": alice.account})
    with reverts_with("IsoTimeOutOfRange", YEAR_10000):
        consents.consentIdOf(tuple(values))


@pytest.mark.parametrize("status", [2, 3], ids=["closed", "distrusted"])
def test_grant_reverts_when_registry_is_not_active(
    consents, draft, grant_path, authority, consortium, status
):
    """C-5"""
    authority.setRegistry(consents, text32("ConsentRegistry"), status, {"from": consortium})
    with reverts_with("ConsentRegistryNotActive", status):
        grant_path("grant", draft)


def test_grant_reverts_when_registry_is_not_listed(deployed, draft, alice, consortium):
    """C-5"""
    unlisted = brownie.ConsentRegistry.deploy(
        deployed.Authority, deployed.IdentityRegistry, deployed.MemberRegistry, {"from": consortium}
    )
    with reverts_with("ConsentRegistryNotActive", 0):
        unlisted.grant(draft.grant(unlisted), {"from": alice.account})


def test_grant_reverts_when_caller_is_a_stranger(consents, draft, mallory, city_hospital):
    """C-3"""
    for stranger in (mallory.account, city_hospital):
        with reverts_with("ConsentActorUnauthorized", draft.patient, stranger):
            consents.grant(draft.grant(consents), {"from": stranger})


def test_grant_reverts_when_representative_has_ended(
    consents, identities, draft, alice, alices_daughter, relayer
):
    """C-3"""
    daughter = alices_daughter
    identities.addDelegate(alice.address, REPRESENTATIVE, daughter.address, 10, {"from": alice.account})
    identities.addDelegate(alice.address, text32("veriKey"), daughter.address, DAY, {"from": alice.account})
    brownie.chain.sleep(11)
    with reverts_with("ConsentActorUnauthorized", draft.patient, daughter):
        consents.grant(draft.grant(consents), {"from": daughter.account})
    with reverts_with("ConsentSignatureInvalid", draft.patient, draft.consent_id(consents)):
        consents.grantBySignature(
            draft.grant(consents), daughter.sign(draft.typed(consents)), {"from": relayer}
        )


def test_grant_by_signature_reverts_when_signature_is_another(consents, draft, alice, mallory, relayer):
    """C-2, C-3, C-4"""
    typed = draft.typed(consents)
    good = alice.sign(typed)
    s = int.from_bytes(good[32:64], "big")
    for signature in (
        mallory.sign(typed),
        alice.sign(typed | {"domain": typed["domain"] | {"chainId": 1}}),
        alice.sign(typed | {"domain": typed["domain"] | {"verifyingContract": mallory.address}}),
        alice.sign(replace(draft, valid_until=draft.valid_until + 1).typed(consents)),
        alice.sign(replace(draft, terms=draft.terms | {"maxUses": 1}).typed(consents)),
        good[:32] + (ORDER - s).to_bytes(32, "big") + bytes([55 - good[64]]),
        good[:64],
        good + b"\0",
        bytes(65),
        b"",
    ):
        with reverts_with("ConsentSignatureInvalid", draft.patient, draft.consent_id(consents)):
            consents.grantBySignature(draft.grant(consents), signature, {"from": relayer})


def test_grant_by_signature_follows_the_controller_when_changed(
    consents, identities, draft, alice, mallory, relayer
):
    """C-3, I-1"""
    old = alice.sign(draft.typed(consents))
    identities.changeOwner(alice.address, mallory.address, {"from": alice.account})
    with reverts_with("ConsentSignatureInvalid", draft.patient, draft.consent_id(consents)):
        consents.grantBySignature(draft.grant(consents), old, {"from": relayer})
    assert not consents.actsFor(alice.address, alice.address)
    assert consents.actsFor(alice.address, mallory.address)

"""Granting and ending mandates (C-17). One test per leaf of grant_mandate.tree."""

from dataclasses import replace

import brownie
import pytest

from tests.contracts.calls import view
from tests.contracts.consents import REPRESENTATIVE, ZERO_ADDRESS, ZERO_WORD, Person, revocation, text32
from tests.contracts.mandates import scope_tuple
from tests.contracts.reverts import reverts_with
from tests.contracts.typed import digest

DAY = 86400
YEAR_10000 = 253402300800
UNKNOWN, GRANTED, REVOKED = range(3)


@pytest.fixture(params=["direct", "signature", "wallet"])
def give(request, consents, identities, alice, relayer, consortium):
    """Grants a mandate by each path of the controller."""

    def signed(mandate, signer):
        signature = signer.sign(mandate.typed(consents))
        return consents.grantMandateBySignature(mandate.carried(consents), signature, {"from": relayer})

    def wallet(mandate):
        guardian = Person.named("guardian")
        contract = brownie.WalletMock.deploy(guardian.address, {"from": consortium})
        identities.changeOwner(alice.address, contract, {"from": alice.account})
        return signed(mandate, guardian)

    return {
        "direct": lambda one: consents.grantMandate(one.carried(consents), {"from": alice.account}),
        "signature": lambda one: signed(one, alice),
        "wallet": wallet,
    }[request.param]


def test_grant_mandate_stores_the_window_when_the_controller_grants(consents, mandate, give):
    """C-17"""
    tx = give(mandate)
    mandate_id = mandate.mandate_id(consents)
    assert str(tx.return_value) == mandate_id
    window = (mandate.valid_from, mandate.valid_until)
    assert tuple(consents.consentOf(mandate.patient, mandate_id)) == (GRANTED, *window, tx.timestamp)
    assert dict(tx.events["MandateGranted"]) == {
        "patient": mandate.patient,
        "mandateId": mandate_id,
        "representative": mandate.representative,
        "validFrom": mandate.valid_from,
        "validUntil": mandate.valid_until,
    }


def test_mandate_id_is_the_digest_that_wallets_sign_when_asked(consents, mandate):
    """C-17, C-1, C-2"""
    assert view(consents, "mandateIdOf", mandate.carried(consents)) == digest(mandate.typed(consents))
    empty = replace(mandate, scope={"provisions": [], "salt": ZERO_WORD})
    assert view(consents, "mandateIdOf", empty.carried(consents)) == digest(empty.typed(consents))
    assert view(consents, "hashScope", scope_tuple(empty.scope)) != bytes(32)


def test_grant_mandate_reverts_when_caller_is_not_the_controller(
    consents, identities, mandate, alice, alices_daughter, mallory
):
    """C-17: not a representative of full power either, nor the one whom it names."""
    identities.addDelegate(
        alice.address, REPRESENTATIVE, alices_daughter.address, DAY, {"from": alice.account}
    )
    for stranger in (alices_daughter, mallory):
        with reverts_with("MandateActorUnauthorized", mandate.mandate_id(consents), stranger):
            consents.grantMandate(mandate.carried(consents), {"from": stranger.account})


def test_grant_mandate_by_signature_reverts_when_signature_is_another(
    consents, identities, mandate, alice, alices_daughter, mallory, relayer
):
    """C-2, C-4, C-17"""
    identities.addDelegate(
        alice.address, REPRESENTATIVE, alices_daughter.address, DAY, {"from": alice.account}
    )
    typed = mandate.typed(consents)
    for signature in (
        mallory.sign(typed),
        alices_daughter.sign(typed),
        alice.sign(typed | {"message": typed["message"] | {"statement": "Yes"}}),
        alice.sign(typed | {"domain": typed["domain"] | {"chainId": 1}}),
        alice.sign(typed | {"domain": typed["domain"] | {"verifyingContract": mallory.address}}),
        alice.sign(replace(mandate, representative=mallory.address).typed(consents)),
        alice.sign(replace(mandate, valid_until=mandate.valid_until + 1).typed(consents)),
        alice.sign(typed)[:64],
        bytes(65),
        b"",
    ):
        with reverts_with("MandateSignatureInvalid", mandate.mandate_id(consents), alice.address):
            consents.grantMandateBySignature(mandate.carried(consents), signature, {"from": relayer})


@pytest.mark.parametrize("status", [2, 3], ids=["closed", "distrusted"])
def test_grant_mandate_reverts_when_registry_is_not_active(
    consents, mandate, give, authority, consortium, status
):
    """C-17, C-21"""
    authority.setRegistry(consents, text32("ConsentRegistry"), status, {"from": consortium})
    with reverts_with("ConsentRegistryNotActive", status):
        give(mandate)


def test_grant_mandate_reverts_when_nobody_is_named(consents, mandate, give):
    """C-17"""
    nobody = replace(mandate, representative=ZERO_ADDRESS)
    with reverts_with("MandateRepresentativeMissing", nobody.mandate_id(consents)):
        give(nobody)


def test_grant_mandate_reverts_when_its_times_are_wrong(consents, mandate, give, now):
    """C-17, C-5"""
    late = replace(mandate, relay_before=now)
    empty = replace(mandate, valid_until=mandate.valid_from)
    past = replace(mandate, valid_until=now - 5)
    for wrong, name, values in (
        (late, "ConsentRelayTooLate", (late.mandate_id(consents), now)),
        (empty, "ConsentWindowEmpty", (empty.valid_from, empty.valid_until)),
        (past, "ConsentExpired", (past.mandate_id(consents), past.valid_until)),
    ):
        brownie.chain.snapshot()
        with reverts_with(name, *values):
            give(wrong)
        brownie.chain.revert()


@pytest.mark.parametrize("field", [3, 4, 5])
def test_grant_mandate_reverts_when_a_time_has_no_text(consents, mandate, alice, field):
    """C-1, C-17"""
    values = list(mandate.carried(consents))
    values[field] = YEAR_10000
    with reverts_with("IsoTimeOutOfRange", YEAR_10000):
        consents.grantMandate(tuple(values), {"from": alice.account})
    with reverts_with("IsoTimeOutOfRange", YEAR_10000):
        consents.mandateIdOf(tuple(values))


def test_grant_mandate_reverts_when_repeated(consents, mandated, give):
    """C-17, C-5"""
    with reverts_with("ConsentAlreadyKnown", mandated.mandate_id(consents), GRANTED):
        give(mandated)


def test_grant_mandate_reverts_when_id_was_revoked(consents, mandate, alice, give):
    """C-17, C-6: a signature in flight is cancelled by its id."""
    consents.revoke(alice.address, mandate.mandate_id(consents), {"from": alice.account})
    with reverts_with("ConsentAlreadyKnown", mandate.mandate_id(consents), REVOKED):
        give(mandate)


@pytest.mark.parametrize("status", [1, 2, 3], ids=["active", "closed", "distrusted"])
def test_revoke_ends_a_mandate_when_registry_is_in_any_status(
    consents, mandated, alice, relayer, authority, consortium, status
):
    """C-17, C-21"""
    authority.setRegistry(consents, text32("ConsentRegistry"), status, {"from": consortium})
    mandate_id = mandated.mandate_id(consents)
    signature = alice.sign(revocation(alice.address, mandate_id, consents))
    consents.revokeBySignature(alice.address, mandate_id, signature, {"from": relayer})
    assert consents.consentOf(alice.address, mandate_id)[0] == REVOKED

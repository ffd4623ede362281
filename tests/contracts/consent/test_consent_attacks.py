"""Who tries to widen, revive or redirect consents, and fails (C-5, C-15, C-16, C-17, C-18, C-19, C-20)."""

from dataclasses import replace

import pytest

from tests.contracts.calls import view
from tests.contracts.consent.conftest import fresh_salt
from tests.contracts.consent.reasons import Reason
from tests.contracts.consents import Person, asked, asker, facts, provision, revocation
from tests.contracts.mandates import replacement, scope
from tests.contracts.reverts import reverts_with

UNKNOWN, GRANTED, REVOKED = range(3)


@pytest.fixture
def daughter(alices_daughter):
    return {"from": alices_daughter.account}


def other_terms(draft):
    return replace(draft, terms=draft.terms | {"salt": fresh_salt()})


def test_representative_who_is_first_makes_the_patients_consent_narrower_never_wider(
    consents, ask, alice, draft, mandated, daughter
):
    """C-18, C-20: the daughter takes alice's grant out of the pool and files it under her mandate."""
    consents.grantUnderMandate(draft.grant(consents), mandated.carried(consents), daughter)
    with reverts_with("ConsentAlreadyKnown", draft.consent_id(consents), GRANTED):
        consents.grant(draft.grant(consents), {"from": alice.account})
    assert ask(draft, grant=False) is Reason.MandateUnknown
    consents.revoke(alice.address, mandated.mandate_id(consents), {"from": alice.account})
    shown = (mandated.carried(consents), mandated.scope)
    assert ask(draft, grant=False, under=shown) is Reason.MandateRevoked


def test_relayer_cannot_free_a_consent_of_its_mandate(consents, draft, mandated, alices_daughter, relayer):
    """C-3, C-18: what a representative signed under a mandate is not taken as the patient's own."""
    signature = alices_daughter.sign(draft.typed(consents))
    with reverts_with("ConsentSignatureInvalid", draft.patient, draft.consent_id(consents)):
        consents.grantBySignature(draft.grant(consents), signature, {"from": relayer})
    with reverts_with("ConsentSignatureInvalid", draft.patient, draft.consent_id(consents)):
        consents.grantMany([draft.grant(consents)], [signature], {"from": relayer})


def test_mandate_is_no_consent_and_a_consent_no_mandate(
    consents, ask, alice, granted, draft, mandated, daughter
):
    """C-17, C-20: ids of both kinds live in the same slots, and neither opens the other's door."""
    mandate_id, consent_id = mandated.mandate_id(consents), granted.consent_id(consents)
    assert consents.consentOf(alice.address, mandate_id)[0] == GRANTED
    # alice's own consent with her daughter's mandate shown beside it: not read
    assert ask(granted, grant=False, under=(mandated.carried(consents), mandated.scope)) is Reason.Permitted
    for foreign in (mandate_id, consent_id):
        with reverts_with("ConsentNotUnderMandate", foreign, mandate_id):
            consents.revokeUnderMandate(foreign, mandated.carried(consents), daughter)
    # with the same numbers as a grant the mandate is unknown
    carried = mandated.carried(consents)
    as_grant = (carried[0], carried[2], *carried[3:])
    assert str(consents.consentIdOf(as_grant)) != mandate_id


def test_mandate_cannot_extend_itself(consents, mandated, daughter, alices_daughter, relayer):
    """C-17: a representative grants consents, no mandates, not to herself and not to others."""
    further = replace(mandated, scope=scope(salt=fresh_salt()), valid_until=mandated.valid_until * 2)
    with reverts_with("MandateActorUnauthorized", further.mandate_id(consents), alices_daughter):
        consents.grantMandate(further.carried(consents), daughter)
    signature = alices_daughter.sign(further.typed(consents))
    with reverts_with("MandateSignatureInvalid", further.mandate_id(consents), mandated.patient):
        consents.grantMandateBySignature(further.carried(consents), signature, {"from": relayer})


def test_replaced_mandate_ends_what_was_granted_under_it(consents, ask, alice, draft, mandated, daughter):
    """C-15, C-17: replacing a mandate by a consent of alice's own revokes the mandate."""
    consents.grantUnderMandate(draft.grant(consents), mandated.carried(consents), daughter)
    own = other_terms(draft)
    consents.replace(mandated.mandate_id(consents), own.grant(consents), {"from": alice.account})
    shown = (mandated.carried(consents), mandated.scope)
    assert ask(draft, grant=False, under=shown) is Reason.MandateRevoked
    assert ask(own, grant=False) is Reason.Permitted
    with reverts_with("MandateNotGranted", mandated.mandate_id(consents), REVOKED):
        consents.grantUnderMandate(other_terms(draft).grant(consents), mandated.carried(consents), daughter)


def test_replacement_works_once_and_for_its_patient_alone(
    consents, alice, mallory, granted, draft, relayer, now
):
    """C-5, C-15"""
    new, old_id = other_terms(draft), granted.consent_id(consents)
    with reverts_with("ConsentReplacedNotGranted", old_id, UNKNOWN):
        own = replace(new, patient=mallory.address)
        consents.replace(old_id, own.grant(consents), {"from": mallory.account})
    signature = alice.sign(replacement(old_id, new, consents))
    consents.replaceBySignature(old_id, new.grant(consents), signature, {"from": relayer})
    with reverts_with("ConsentReplacedNotGranted", old_id, REVOKED):
        consents.replaceBySignature(old_id, new.grant(consents), signature, {"from": relayer})
    # a consent that would replace itself revokes nothing
    new_id = new.consent_id(consents)
    with reverts_with("ConsentAlreadyKnown", new_id, REVOKED):
        consents.replace(new_id, new.grant(consents), {"from": alice.account})
    assert consents.consentOf(alice.address, new_id)[0] == GRANTED


def test_replacement_in_flight_is_cancelled_by_revoking_what_it_would_grant(
    consents, alice, granted, draft, relayer
):
    """C-6, C-15: the old consent stays, the held signature is worth nothing."""
    new, old_id = other_terms(draft), granted.consent_id(consents)
    signature = alice.sign(replacement(old_id, new, consents))
    tombstone = alice.sign(revocation(alice.address, new.consent_id(consents), consents))
    consents.revokeBySignature(alice.address, new.consent_id(consents), tombstone, {"from": relayer})
    with reverts_with("ConsentAlreadyKnown", new.consent_id(consents), REVOKED):
        consents.replaceBySignature(old_id, new.grant(consents), signature, {"from": relayer})
    assert consents.consentOf(alice.address, old_id)[0] == GRANTED


def test_batch_with_one_consent_twice_grants_nothing(consents, alice, draft, relayer):
    """C-16"""
    signature = alice.sign(draft.typed(consents))
    with reverts_with("ConsentAlreadyKnown", draft.consent_id(consents), GRANTED):
        consents.grantMany([draft.grant(consents)] * 2, [signature] * 2, {"from": relayer})
    assert consents.consentOf(alice.address, draft.consent_id(consents))[0] == UNKNOWN


def test_staff_of_a_role_called_any_is_nobody_special(
    consents, members, alice, draft, city_hospital, mercy_hospital, now
):
    """C-10: a member that invents roles opens nothing: no ceiling, no role that terms name."""
    impostor = Person.named("impostor")
    role = "0x" + b"any".ljust(32, b"\0").hex()
    members.enrol(impostor.address, role, "0x" + "00" * 32, now + 10**6, {"from": city_hospital})
    anybody = replace(draft, terms=draft.terms | {"roles": ["any"], "provisions": [provision()]})
    consents.grant(anybody.grant(consents), {"from": alice.account})
    shown = asked(anybody.grant(consents), anybody.terms, asker(impostor))
    assert view(consents, "permits", shown, facts(mercy_hospital)) == Reason.CeilingExceeded

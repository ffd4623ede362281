"""Granting many at once (C-16). One test per leaf of grant_many.tree."""

from dataclasses import replace

import pytest

from tests.contracts.consents import Person, text32
from tests.contracts.reverts import reverts_with

UNKNOWN, GRANTED, _ = range(3)


@pytest.fixture
def batch(consents, draft):
    """Consents of as many patients as asked for, with their signatures."""

    def batch(count):
        people = [Person.named(f"patient {number}") for number in range(count)]
        drafts = [replace(draft, patient=one.address) for one in people]
        signatures = [one.sign(said.typed(consents)) for one, said in zip(people, drafts, strict=True)]
        return drafts, [one.grant(consents) for one in drafts], signatures

    return batch


@pytest.mark.parametrize("count", [1, 3, 64])
def test_grant_many_grants_each_when_all_are_signed(consents, batch, relayer, count):
    """C-16"""
    drafts, grants, signatures = batch(count)
    tx = consents.grantMany(grants, signatures, {"from": relayer})
    ids = [one.consent_id(consents) for one in drafts]
    assert [str(one) for one in tx.return_value] == ids
    assert [(event["patient"], event["consentId"]) for event in tx.events["ConsentGranted"]] == [
        (one.patient, consent_id) for one, consent_id in zip(drafts, ids, strict=True)
    ]
    for one, consent_id in zip(drafts[:3], ids, strict=False):
        assert consents.consentOf(one.patient, consent_id)[0] == GRANTED


def test_grant_many_grants_none_when_one_signature_is_another(consents, batch, relayer):
    """C-16, C-3"""
    drafts, grants, signatures = batch(3)
    swapped = [signatures[0], signatures[2], signatures[1]]
    with reverts_with("ConsentSignatureInvalid", drafts[1].patient, drafts[1].consent_id(consents)):
        consents.grantMany(grants, swapped, {"from": relayer})
    assert consents.consentOf(drafts[0].patient, drafts[0].consent_id(consents))[0] == UNKNOWN


def test_grant_many_reverts_when_one_is_repeated(consents, batch, relayer):
    """C-16, C-5"""
    drafts, grants, signatures = batch(2)
    with reverts_with("ConsentAlreadyKnown", drafts[0].consent_id(consents), GRANTED):
        consents.grantMany([*grants, grants[0]], [*signatures, signatures[0]], {"from": relayer})


@pytest.mark.parametrize(("consented", "signed"), [(0, 0), (0, 1), (1, 0), (2, 1), (65, 65), (64, 65)])
def test_grant_many_reverts_when_counts_are_wrong(consents, batch, relayer, consented, signed):
    """C-16"""
    _, (grant,), (signature,) = batch(1)
    with reverts_with("ConsentCountInvalid", consented, signed):
        consents.grantMany([grant] * consented, [signature] * signed, {"from": relayer})


@pytest.mark.parametrize("status", [2, 3], ids=["closed", "distrusted"])
def test_grant_many_reverts_when_registry_is_not_active(
    consents, batch, relayer, authority, consortium, status
):
    """C-16, C-21"""
    _, grants, signatures = batch(1)
    authority.setRegistry(consents, text32("ConsentRegistry"), status, {"from": consortium})
    with reverts_with("ConsentRegistryNotActive", status):
        consents.grantMany(grants, signatures, {"from": relayer})


def test_grant_many_refuses_what_grant_refuses_when_a_window_is_wrong(consents, batch, relayer, now):
    """C-16, C-5"""
    person = Person.named("patient 0")
    (good,), _, _ = batch(1)
    late = replace(good, relay_before=now)
    empty = replace(good, valid_until=good.valid_from)
    past = replace(good, valid_until=now - 5)
    for draft, name, values in (
        (late, "ConsentRelayTooLate", (late.consent_id(consents), now)),
        (empty, "ConsentWindowEmpty", (empty.valid_from, empty.valid_until)),
        (past, "ConsentExpired", (past.consent_id(consents), past.valid_until)),
    ):
        with reverts_with(name, *values):
            consents.grantMany(
                [draft.grant(consents)], [person.sign(draft.typed(consents))], {"from": relayer}
            )

"""The rule (C-8 … C-10, C-12). One test or row per leaf of permits.tree."""

from dataclasses import replace

import brownie
import pytest

from tests.contracts.calls import view
from tests.contracts.consent.reasons import Reason
from tests.contracts.consents import CITY, MERCY, RECORD, Person, asker, facts, provision, terms_tuple, text32

DAY = 86400
ZERO_ADDRESS = "0x" + "00" * 20


@pytest.fixture
def ask(consents, alice, mercy_hospital, dr_bose):
    """Grants the draft unless told otherwise, then asks for a record. Returns the reason."""

    def ask(draft, *, who=None, record=None, grant=True, **changes):
        if grant:
            consents.grant(draft.grant(consents), {"from": alice.account})
        who = who or asker(dr_bose, **changes)
        record = record or facts(mercy_hospital)
        return Reason(view(consents, "permits", draft.grant(consents), terms_tuple(draft.terms), who, record))

    return ask


def with_provision(draft, **changes):
    return replace(draft, terms=draft.terms | {"provisions": [provision(**changes)]})


def test_permits_when_everything_holds(ask, draft):
    """C-9"""
    assert ask(draft) is Reason.Permitted


def test_permits_is_unknown_when_not_granted_or_terms_differ(
    consents, ask, draft, granted, dr_bose, mercy_hospital
):
    """C-9"""
    other = replace(draft, terms=draft.terms | {"maxUses": 7})
    assert ask(other, grant=False) is Reason.ConsentUnknown
    for dishonest in (draft.grant(consents), other.grant(consents)):
        asked = (dishonest, terms_tuple(other.terms), asker(dr_bose), facts(mercy_hospital))
        assert Reason(view(consents, "permits", *asked)) is Reason.ConsentUnknown


@pytest.mark.parametrize("field", [2, 3, 4])
def test_permits_is_unknown_when_a_time_has_no_text(consents, draft, dr_bose, mercy_hospital, field):
    """C-8"""
    values = list(draft.grant(consents))
    values[field] = 2**64 - 1
    asked = (tuple(values), terms_tuple(draft.terms), asker(dr_bose), facts(mercy_hospital))
    assert Reason(view(consents, "permits", *asked)) is Reason.ConsentUnknown


def test_permits_is_revoked_when_revoked(consents, ask, granted, alice):
    """C-9"""
    consents.revoke(granted.patient, granted.consent_id(consents), {"from": alice.account})
    assert ask(granted, grant=False) is Reason.ConsentRevoked


def test_permits_follows_the_window_when_time_passes(ask, draft, now):
    """C-9"""
    later = replace(draft, valid_from=now + DAY, valid_until=now + 2 * DAY)
    assert ask(later) is Reason.ConsentNotYetValid
    assert ask(later, grant=False, at=now + DAY) is Reason.Permitted
    assert ask(later, grant=False, at=now + 2 * DAY - 1) is Reason.Permitted
    assert ask(later, grant=False, at=now + 2 * DAY) is Reason.ConsentExpired
    assert ask(later, grant=False, at=2**64 - 1) is Reason.ConsentExpired
    brownie.chain.sleep(2 * DAY)
    brownie.chain.mine()
    assert ask(later, grant=False, at=now + DAY) is Reason.ConsentExpired


@pytest.mark.parametrize(("status", "reason"), [(2, Reason.Permitted), (3, Reason.RegistryDistrusted)])
def test_permits_follows_the_registry_when_status_changes(
    consents, ask, granted, authority, consortium, status, reason
):
    """C-9"""
    authority.setRegistry(consents, text32("ConsentRegistry"), status, {"from": consortium})
    assert ask(granted, grant=False) is reason


@pytest.mark.parametrize(
    "changes", [{"recipientName": MERCY}, {"recipientName": "City Hospital"}, {"recipientName": ""}]
)
def test_permits_refuses_when_recipient_name_is_wrong(ask, draft, changes):
    """C-9"""
    assert ask(replace(draft, terms=draft.terms | changes)) is Reason.RecipientNameWrong


def test_permits_refuses_when_recipient_is_zero_or_inactive(ask, draft, members, consortium, city_hospital):
    """C-9, M-4"""
    nobody = replace(draft, terms=draft.terms | {"recipient": ZERO_ADDRESS, "recipientName": ""})
    assert ask(nobody) is Reason.RecipientNameWrong
    members.suspend(city_hospital, {"from": consortium})
    assert ask(draft) is Reason.RecipientInactive
    members.reinstate(city_hospital, {"from": consortium})
    assert ask(draft, grant=False) is Reason.Permitted


def test_permits_follows_the_actors_standing_when_it_changes(
    ask, granted, members, city_hospital, mercy_hospital, mallory, dr_bose, now
):
    """C-9, M-3"""
    attending, cardiology = text32("attending"), text32("cardiology")
    assert ask(granted, grant=False, who=asker(mallory)) is Reason.ActorNotEnrolled
    members.enrol(dr_bose.address, attending, cardiology, now + DAY, {"from": city_hospital})
    assert ask(granted, grant=False, at=now + DAY) is Reason.ActorLicenceEnded
    members.enrol(mallory.address, attending, cardiology, now + DAY, {"from": mercy_hospital})
    assert ask(granted, grant=False, who=asker(mallory)) is Reason.ActorOfAnotherMember
    members.dismiss(dr_bose.address, {"from": city_hospital})
    assert ask(granted, grant=False) is Reason.ActorNotEnrolled


def test_permits_follows_the_signer_when_another_signs(
    ask, granted, members, citys_system, city_hospital, mercy_hospital, mallory, dr_bose, now
):
    """C-9"""
    assert ask(granted, grant=False, signer=citys_system.address) is Reason.Permitted
    assert ask(granted, grant=False, signer=mallory.address) is Reason.SignerNotEnrolled
    intern = Person.named("intern").address
    members.enrol(intern, text32("intern"), text32("cardiology"), now + DAY, {"from": city_hospital})
    # an enrolled person does not lend itself the standing of a colleague
    assert ask(granted, grant=False, signer=intern) is Reason.SignerNotEnrolled
    foreign = Person.named("mercy's system").address
    members.enrol(foreign, text32("system"), text32("x"), now + DAY, {"from": mercy_hospital})
    assert ask(granted, grant=False, signer=foreign) is Reason.SignerNotEnrolled
    members.enrol(citys_system.address, text32("system"), text32("x"), now + DAY, {"from": city_hospital})
    assert ask(granted, grant=False, signer=citys_system.address, at=now + DAY) is Reason.SignerNotEnrolled


@pytest.mark.parametrize(
    ("roles", "reason"),
    [
        (["any"], Reason.Permitted),
        (["nurse", "attending"], Reason.Permitted),
        (["nurse"], Reason.RoleNotCovered),
        ([], Reason.RoleNotCovered),
        (["any", "attending"], Reason.RoleNotCovered),
        (["attending", "any"], Reason.RoleNotCovered),
        (["attending\0"], Reason.RoleNotCovered),
        (["Attending"], Reason.RoleNotCovered),
    ],
)
def test_permits_follows_the_roles_when_terms_name_them(ask, draft, roles, reason):
    """C-9, C-10"""
    assert ask(replace(draft, terms=draft.terms | {"roles": roles})) is reason


@pytest.mark.parametrize(
    ("role", "department", "record", "reason"),
    [
        ("resident", "cardiology", {"confidentiality": "R"}, Reason.Permitted),
        ("resident", "cardiology", {"confidentiality": "V"}, Reason.CeilingExceeded),
        ("resident", "surgery", {}, Reason.DepartmentNotOwn),
        ("resident", "", {"department": ""}, Reason.DepartmentNotOwn),
        ("intern", "cardiology", {}, Reason.Permitted),
        ("intern", "cardiology", {"confidentiality": "R"}, Reason.CeilingExceeded),
        ("researcher", "surgery", {}, Reason.Permitted),
        ("janitor", "cardiology", {}, Reason.CeilingExceeded),
        ("attending", "surgery", {"confidentiality": "V"}, Reason.Permitted),
        ("attending", "surgery", {"confidentiality": "X"}, Reason.CeilingExceeded),
        ("attending", "surgery", {"confidentiality": ""}, Reason.CeilingExceeded),
        ("attending", "surgery", {"level": 0}, Reason.LevelNotReleasable),
        ("attending", "surgery", {"level": 1}, Reason.LevelNotReleasable),
        ("attending", "surgery", {"level": 2}, Reason.LevelNotReleasable),
        ("attending", "surgery", {"level": 4}, Reason.LevelNotReleasable),
    ],
)
def test_permits_follows_the_ceiling_when_role_has_one(
    ask, draft, members, city_hospital, mercy_hospital, dr_bose, now, role, department, record, reason
):
    """C-9"""
    wide = replace(
        draft, terms=draft.terms | {"roles": ["any"], "provisions": [provision(confidentiality="any")]}
    )
    code = text32(department) if department else "0x" + "00" * 32
    members.enrol(dr_bose.address, text32(role), code, now + DAY, {"from": city_hospital})
    assert ask(wide, record=facts(mercy_hospital, **record)) is reason


def test_permits_refuses_when_an_author_is_not_registered(ask, draft, mallory):
    """C-9"""
    assert ask(draft, record=facts(mallory.address)) is Reason.AuthorUnknown
    unregistered = with_provision(draft, authors=[MERCY, "Mercy Hospita1"])
    assert ask(unregistered) is Reason.AuthorUnknown


def test_permits_asks_one_provision_when_two_cover_half_each(ask, draft):
    """C-9"""
    halves = [provision(purposes=["HRESCH"]), provision(categories=["imaging"])]
    assert ask(replace(draft, terms=draft.terms | {"provisions": halves})) is Reason.ProvisionMissing
    whole = [*halves, provision()]
    assert ask(replace(draft, terms=draft.terms | {"provisions": whole})) is Reason.Permitted
    assert ask(replace(draft, terms=draft.terms | {"provisions": []})) is Reason.ProvisionMissing


@pytest.mark.parametrize(
    ("changes", "covered"),
    [
        ({"purposes": ["any"]}, True),
        ({"purposes": ["HRESCH", "TREAT"]}, True),
        ({"purposes": ["HRESCH"]}, False),
        ({"purposes": []}, False),
        ({"purposes": ["TREAT", "any"]}, False),
        ({"categories": ["any"]}, True),
        ({"categories": ["imaging"]}, False),
        ({"categories": ["Laboratory"]}, False),
        ({"confidentiality": "R"}, True),
        ({"confidentiality": "any"}, True),
        ({"confidentiality": "n"}, False),
        ({"confidentiality": ""}, False),
        ({"dataFrom": "any", "dataUntil": "any"}, True),
        ({"dataFrom": "2025-03-04T05:06:07Z"}, True),
        ({"dataFrom": "2025-03-04T05:06:08Z"}, False),
        ({"dataUntil": "2025-03-04T05:06:08Z"}, True),
        ({"dataUntil": "2025-03-04T05:06:07Z"}, False),
        ({"dataFrom": "2024-01-01"}, False),
        ({"dataFrom": "2024-02-30T00:00:00Z"}, False),
        ({"dataUntil": "9999-99-99T99:99:99Z"}, False),
        ({"authors": [MERCY]}, True),
        ({"authors": [CITY]}, False),
        ({"authors": [CITY, MERCY]}, True),
        ({"authors": []}, False),
        ({"records": [RECORD]}, True),
        ({"records": [RECORD.upper().replace("X", "x")]}, False),
        ({"records": [RECORD[2:]]}, False),
        ({"records": ["0x" + "00" * 32]}, False),
    ],
)
def test_permits_follows_each_field_when_one_changes(ask, draft, changes, covered):
    """C-9, C-10"""
    assert ask(with_provision(draft, **changes)) is (Reason.Permitted if covered else Reason.ProvisionMissing)


@pytest.mark.parametrize("date", ["", "any", "2025", "2025-02-29T00:00:00Z", "2025-03-04T05:06:07+00:00"])
def test_permits_refuses_when_record_has_no_time(ask, draft, mercy_hospital, date):
    """C-8"""
    wide = with_provision(draft, dataFrom="any", dataUntil="any")
    assert ask(wide, record=facts(mercy_hospital, date=date)) is Reason.ProvisionMissing


@pytest.mark.parametrize("word", ["", "any"])
def test_permits_refuses_when_request_asks_for_anything(ask, consents, draft, mercy_hospital, dr_bose, word):
    """C-10"""
    wide = with_provision(draft, purposes=["any"], categories=["any"])
    assert ask(wide, purpose=word) is Reason.ProvisionMissing
    assert ask(wide, grant=False, record=facts(mercy_hospital, category=word)) is Reason.ProvisionMissing
    asked = (wide.grant(consents), terms_tuple(wide.terms), asker(dr_bose), word)
    assert Reason(view(consents, "permitsDirectory", *asked)) is Reason.ProvisionMissing

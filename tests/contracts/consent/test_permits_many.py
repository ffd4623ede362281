"""`permitsMany` (C-14), and what a role may see at most (C-9). Leaves of permits.tree."""

from dataclasses import replace

import pytest

from tests.contracts.calls import view
from tests.contracts.consent.reasons import Reason
from tests.contracts.consents import asked, asker, facts, provision, text32

DAY = 86400


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
    ask,
    draft,
    members,
    city_hospital,
    mercy_hospital,
    dr_bose,
    citys_system,
    now,
    role,
    department,
    record,
    reason,
):
    """C-9, C-23: the hospital asserts an episode in the actor's department."""
    wide = replace(
        draft, terms=draft.terms | {"roles": ["any"], "provisions": [provision(confidentiality="any")]}
    )
    code = text32(department) if department else "0x" + "00" * 32
    members.enrol(dr_bose.address, text32(role), code, now + DAY, {"from": city_hospital})
    episode = {"episodeBy": citys_system.address, "episodeDepartment": department}
    assert ask(wide, record=facts(mercy_hospital, **record), **episode) is reason


def test_permits_many_answers_each_record_when_asked_at_once(
    consents, ask, draft, granted, dr_bose, mercy_hospital, mallory
):
    """C-8, C-14"""
    records = [
        facts(mercy_hospital),
        facts(mercy_hospital, category="imaging"),
        facts(mallory.address),
        facts(mercy_hospital, confidentiality="X"),
    ]
    shown = asked(draft.grant(consents), draft.terms, asker(dr_bose))
    many = [Reason(one) for one in view(consents, "permitsMany", shown, records)]
    assert many == [ask(draft, grant=False, record=one) for one in records]
    assert set(many) == {
        Reason.Permitted,
        Reason.ProvisionMissing,
        Reason.AuthorUnknown,
        Reason.CeilingExceeded,
    }
    assert view(consents, "permitsMany", shown, []) == ()
    stranger = asked(draft.grant(consents), draft.terms, asker(mallory))
    assert set(view(consents, "permitsMany", stranger, records)) == {Reason.ActorNotEnrolled}

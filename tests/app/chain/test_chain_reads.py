"""Reads of members, staff, consents and anchors on both development chains."""

from __future__ import annotations

import secrets
import time
from enum import IntEnum

import pytest

from consentry.chain import ledger as ledger_module
from consentry.chain.calls import code32
from consentry.domain.grounds import Reason
from consentry.domain.ledger import ConsentStatus, MemberStatus
from consentry.errors import ChainWrong, TransactionReverted
from tests.app.chain.world import World, grant_tuple

NOBODY = "0x" + "99" * 20


def test_member_gives_name_keys_and_status_when_admitted(each_world: World) -> None:
    """M-1, M-2: what the consortium admitted is read back by address and by name."""
    ledger, mercy = each_world.ledger, each_world.mercy_hospital
    member = ledger.member(mercy.address)
    assert member is not None and member.status is MemberStatus.Active and member.kind == "hospital"
    assert len(member.directory_keys) == 1 and len(member.directory_keys[0]) == 32
    assert ledger.member_by_name(member.name) == member
    assert member in ledger.members()
    assert ledger.member(NOBODY) is None and ledger.member_by_name("Nobody's Hospital") is None


def test_members_sees_a_new_member_at_once(each_world: World) -> None:
    """D-1: the list that discovery walks is never older than the last block."""
    before = each_world.ledger.members()
    new = each_world.actor()
    name = f"Laboratory {new.address[2:10]}"
    each_world.consortium.transact("MemberRegistry", "admit", new.address, name, "laboratory")
    assert [one.name for one in each_world.ledger.members()] == [one.name for one in before] + [name]


def test_member_is_chain_wrong_when_its_status_is_not_known_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K-11: what a later contract may answer ends in a typed error."""
    monkeypatch.setattr(ledger_module, "MemberStatus", IntEnum("MemberStatus", {"Unknown": 0}))
    with pytest.raises(ChainWrong, match="MemberStatus"):
        world.ledger.member(world.mercy_hospital.address)


def test_staff_gives_codes_as_text_when_enrolled(each_world: World) -> None:
    """M-3."""
    staff = each_world.ledger.staff(each_world.dr_bose.address)
    assert staff is not None
    assert (staff.member, staff.role, staff.department) == (
        each_world.city_hospital.address,
        "attending",
        "cardiology",
    )
    assert staff.licence_end_at > time.time()
    assert each_world.ledger.staff(NOBODY) is None


def test_anchor_of_gives_time_and_count_only_for_its_author(each_world: World) -> None:
    """R-1, R-2: a root counts for the member that anchored it; a record is retracted by its author."""
    ledger, mercy, root = each_world.ledger, each_world.mercy_hospital, secrets.token_bytes(32)
    receipt = mercy.transact("RecordRegistry", "anchor", root, secrets.token_bytes(32), 7)
    anchor = ledger.anchor_of(mercy.address, root)
    assert anchor is not None and anchor.count == 7 and anchor.anchored_at == ledger.head().timestamp
    assert ledger.anchor_of(each_world.city_hospital.address, root) is None
    assert [one.root for one in ledger.anchors(receipt.block, receipt.block)] == [root]
    record_id = secrets.token_bytes(32)
    retracted = ledger.retracted_call(mercy.address, record_id)
    assert not ledger.ask(retracted)
    mercy.transact("RecordRegistry", "retract", record_id)
    assert ledger.ask(retracted)


def test_permits_follows_the_consent_from_grant_to_revocation(each_world: World) -> None:
    """C-9, C-12: the same encoded call is answered anew each time."""
    ledger, alice = each_world.ledger, each_world.actor()
    consent = each_world.consent(alice)
    grant, asker = consent.grant(), each_world.asker()
    asked = [each_world.facts("psychiatry"), each_world.facts()]
    records = ledger.permit_many_call(grant, consent.terms, asker, asked)
    calls = [
        ledger.permit_directory_call(grant, consent.terms, asker, "laboratory"),
        ledger.permit_directory_call(grant, consent.terms, asker, "psychiatry"),
    ]
    unknown = Reason.ConsentUnknown
    assert {answer.get() for answer in ledger.evaluate(calls)} == {unknown}
    assert ledger.ask(records) == (unknown, unknown)
    sent = alice.transact("ConsentRegistry", "grant", grant_tuple(grant))
    consent_id = sent.logs[0].arguments["consentId"]
    missing = Reason.ProvisionMissing
    expected = [Reason.Permitted, missing]
    assert ledger.ask(records) == (missing, Reason.Permitted)
    views = ledger.evaluate_both(calls)
    assert [answer.get() for answer in views.latest] == expected
    assert views.final == views.latest and views.head == ledger.head()
    assert ledger.consent_of(alice.address, consent_id).status is ConsentStatus.Granted
    alice.transact("ConsentRegistry", "revoke", alice.address, consent_id)
    revoked = Reason.ConsentRevoked
    assert {answer.get() for answer in ledger.evaluate(calls)} == {revoked}
    assert ledger.ask(records) == (revoked, revoked)
    assert ledger.consent_of(alice.address, consent_id).status is ConsentStatus.Revoked


def test_acts_for_follows_delegates_and_owner(each_world: World) -> None:
    """I-1, I-2, C-3: the controller and a live representative act for a patient, nobody else."""
    ledger, alice, carol = each_world.ledger, each_world.actor(), each_world.actor()
    assert ledger.identity_owner(alice.address) == alice.address and ledger.identity_nonce(alice.address) == 0
    assert ledger.acts_for(alice.address, alice.address) and not ledger.acts_for(alice.address, carol.address)
    alice.transact("IdentityRegistry", "addDelegate", alice.address, code32("consent"), carol.address, 3600)
    assert ledger.acts_for(alice.address, carol.address)
    alice.transact("IdentityRegistry", "changeOwner", alice.address, carol.address)
    assert ledger.identity_owner(alice.address) == carol.address
    assert not ledger.acts_for(alice.address, alice.address)


def test_an_answer_of_a_batch_raises_its_own_failure_only(each_world: World) -> None:
    """C-8: one call that reverts does not spoil its neighbours, and cannot be taken for a value."""
    ledger = each_world.ledger
    broken = ledger.call("MemberRegistry", "memberAt", 10**6, read=lambda value: value)
    first, second = ledger.evaluate([broken, ledger.active_call(each_world.city_hospital.address)])
    assert second.get() is True
    with pytest.raises(TransactionReverted, match="MemberIndexOutOfRange") as caught:
        first.get()
    assert caught.value.arguments[0] == 10**6

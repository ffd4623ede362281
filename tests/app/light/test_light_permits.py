"""What contracts answer here, on proven state, is what a node answers (H-56, H-60, H-62)."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from random import Random

import pytest

from consentry.chain.connection import Connection
from consentry.chain.ledger import ChainLedger
from consentry.chain.rpc import RpcClient
from consentry.domain.addresses import Address
from consentry.domain.grounds import Reason
from consentry.domain.ledger import ContractCall, MemberStatus
from consentry.errors import ChainUnproven, TransactionReverted
from tests.app.chain.test_chain_cover_rule import header, provision
from tests.app.chain.world import DAY, World, grant_tuple
from tests.app.light.conftest import DEPTH, Clinic
from tests.app.light.endpoint import SHOWN

NOBODY = "0x" + "99" * 20


def questions(world: World, random: Random) -> list[ContractCall[object]]:
    """About consents that are granted, revoked, over, unknown and of others, and about members, staff and anchors."""
    names = {one.address: one.name for one in world.ledger.members()}
    authors = (names[world.mercy_hospital.address], names[world.city_hospital.address])
    asked: list[ContractCall[object]] = []
    for state in (
        "granted",
        "granted",
        "granted",
        "revoked",
        "unknown",
        "early",
        "other name",
        "nobody",
        "late",
    ):
        patient = world.actor()
        provisions = tuple(provision(random, authors) for _ in range(random.choice((1, 3))))
        terms = replace(world.terms, provisions=provisions, salt=secrets.token_bytes(32))
        if state == "other name":
            terms = replace(terms, recipient_name=authors[0])
        consent = replace(world.consent(patient), terms=terms)
        if state == "early":
            now = int(time.time())
            consent = replace(consent, valid_from=now + DAY // 2)
        if state != "unknown":
            patient.transact("ConsentRegistry", "grant", grant_tuple(consent.grant()))
        if state == "revoked":
            consent_id = world.ledger.ask(
                world.ledger.call("ConsentRegistry", "consentIdOf", grant_tuple(consent.grant()), read=bytes)
            )
            patient.transact("ConsentRegistry", "revoke", patient.address, consent_id)
        who = world.asker()
        if state == "nobody":
            who = replace(who, actor=Address(NOBODY), signer=Address(NOBODY))
        if state == "late":
            who = replace(who, at=who.at + 400 * DAY)
        facts = [header(random, world).facts() for _ in range(4)]
        grant = consent.grant()
        asked.append(world.ledger.permit_many_call(grant, terms, who, facts))
        asked.append(world.ledger.permit_directory_call(grant, terms, who, "laboratory"))
    return asked


def test_permits_answers_as_a_node_does_and_terms_stay_in_the_house(clinic: Clinic) -> None:
    """H-56, H-62: every reason, and nothing that the endpoint heard holds a word of the terms."""
    world, ledger = clinic.world, clinic.ledger()
    asked = questions(world, Random("consents of a clinic"))
    expected = [answer.get() for answer in world.ledger.evaluate(asked)]
    assert [answer.get() for answer in ledger.evaluate(asked)] == expected
    views = ledger.evaluate_both(asked)
    assert [answer.get() for answer in views.latest] == expected
    before = Connection(
        RpcClient(world.chain.url), replace(world.ledger.connection.deployment, finality=DEPTH)
    )
    of_node = ChainLedger(before).evaluate_both(asked)
    assert [answer.get() for answer in views.final] == [answer.get() for answer in of_node.final] != expected
    seen = {reason for one in expected for reason in (one if isinstance(one, tuple) else (one,))}
    assert {Reason.Permitted, Reason.ConsentRevoked, Reason.ConsentUnknown, Reason.ActorNotEnrolled} <= seen
    assert {Reason.ConsentNotYetValid, Reason.RecipientNameWrong, Reason.ProvisionMissing} <= seen
    heard = repr(clinic.endpoint.asked)
    assert {one.method for one in clinic.endpoint.asked} == SHOWN
    for word in (b"TREAT", b"laboratory", b"attending", world.city_name.encode(), world.terms.salt):
        assert word.hex() not in heard and word.decode("latin-1") not in heard
    longest = max(
        len(value) for one in clinic.endpoint.asked for value in one.params if isinstance(value, str)
    )
    assert longest <= 42  # an address: no calldata is as short


def test_members_staff_and_code_are_read_as_from_a_node(clinic: Clinic) -> None:
    """H-56, H-60: strings over many slots, lists, structs and reverts too."""
    mine, nodes = clinic.ledger(), clinic.world.ledger
    assert mine.members() == nodes.members()
    mercy = mine.member(clinic.world.mercy_hospital.address)
    assert mercy is not None and mercy.status is MemberStatus.Active
    assert mine.staff(clinic.world.dr_bose.address) == nodes.staff(clinic.world.dr_bose.address)
    assert mine.member(NOBODY) is None and mine.staff(NOBODY) is None
    assert mine.committee() == nodes.committee()
    assert mine.next_seq_of(NOBODY) == 0
    with pytest.raises(TransactionReverted):
        mine.ask(mine.call("MemberRegistry", "memberAt", 10**6, read=str))


def test_what_was_wanted_before_is_asked_for_together(clinic: Clinic) -> None:
    """H-60: at the next block, proofs of the same slots come in one answer for each contract."""
    world, ledger = clinic.world, clinic.ledger()
    patient = world.actor()
    consent = world.consent(patient)
    patient.transact("ConsentRegistry", "grant", grant_tuple(consent.grant()))
    call = ledger.permit_many_call(consent.grant(), consent.terms, world.asker(), [world.facts()])
    assert ledger.ask(call) == (Reason.Permitted,)
    first = sum(one.method == "eth_getProof" for one in clinic.endpoint.asked)
    world.ledger.connection.rpc.call("evm_mine")
    clinic.endpoint.asked.clear()
    assert ledger.ask(call) == (Reason.Permitted,)
    again = [one for one in clinic.endpoint.asked if one.method == "eth_getProof"]
    assert len(again) < first / 2
    assert len({one.params[0] for one in again}) == len(again)


def test_what_cannot_be_proven_is_refused_by_name(clinic: Clinic) -> None:
    """H-63: where no logs are followed none are told, least of all by another member's word."""
    with pytest.raises(ChainUnproven, match="logs and receipts are not followed"):
        list(clinic.ledger().anchors(0, 1))

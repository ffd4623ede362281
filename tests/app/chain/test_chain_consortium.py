"""Members govern by vote: proposed in words, voted by chamber, waited for, carried out (V-11, V-14, V-15)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from consentry.crypto.signatures import account_of, generate_account_key
from consentry.domain import decisions
from consentry.domain.addresses import Address
from consentry.domain.categories import Confidentiality
from consentry.domain.decisions import Decision, ProposalState, Support
from consentry.domain.ledger import Chamber, MemberStatus
from consentry.errors import (
    MemberWithoutVote,
    ProposalNotDue,
    ProposalNotOpen,
    ProposalNotPassed,
    ProposalRepeated,
    ProposalUnknown,
)
from consentry.services import consortium
from tests.app.governed import Governed
from tests.chains import DeployedChain

REASON = "It treats our patients"
PERIOD = 600


@pytest.fixture(scope="module")
def governed(each_chain: DeployedChain) -> Iterator[Governed]:
    with each_chain.undone():
        yield Governed(each_chain)


def lakeside() -> tuple[Address, Decision]:
    account = account_of(generate_account_key())
    name = f"Lakeside {account[2:10]}"
    return account, decisions.admit(account, name, "hospital", Chamber.Institutions)


def voted(governed: Governed, proposal_id: int, *slugs: str, support: Support = Support.For) -> None:
    for slug in slugs:
        assert consortium.vote(proposal_id, support, "", governed.ports(slug)) is not None


def test_member_is_admitted_when_every_chamber_is_for_it(governed: Governed) -> None:
    """V-11, V-14: early, without waiting for the end of the vote; every step may be repeated."""
    account, decision = lakeside()
    made = consortium.propose(decision, REASON, governed.ports("mercy"))
    assert made.receipt is not None
    again = consortium.propose(decision, f"  {REASON} ", governed.ports("city"))
    assert (again.proposal_id, again.receipt) == (made.proposal_id, None)
    voted(governed, made.proposal_id, "mercy", "city")
    assert consortium.vote(made.proposal_id, Support.For, "", governed.ports("city")) is None
    with pytest.raises(ProposalNotPassed, match="active"):
        consortium.execute(made.proposal_id, governed.ports("mercy"))
    voted(governed, made.proposal_id, "regulator", "trustee")
    assert governed.assembly.state(made.proposal_id) is ProposalState.Active
    assert consortium.vote(made.proposal_id, Support.For, "For the patients", governed.ports("council"))
    assert governed.assembly.state(made.proposal_id) is ProposalState.Succeeded
    assert len(consortium.execute(made.proposal_id, governed.ports("council"))) == 2
    assert consortium.execute(made.proposal_id, governed.ports("mercy")) == ()
    member = governed.ledger.member(account)
    assert member is not None and member.status is MemberStatus.Active
    assert governed.assembly.chamber_of(account) is Chamber.Institutions
    with pytest.raises(ProposalRepeated):
        consortium.propose(decision, REASON, governed.ports("mercy"))


def test_two_chambers_suffice_at_the_end_of_the_vote(governed: Governed) -> None:
    """V-15: the third said nothing; one chamber alone does not suffice."""
    for slugs, outcome in (
        (("mercy", "city"), ProposalState.Defeated),
        (("mercy", "city", "regulator"), ProposalState.Succeeded),
    ):
        _, decision = lakeside()
        made = consortium.propose(decision, REASON, governed.ports("mercy"))
        voted(governed, made.proposal_id, *slugs)
        governed.pass_time(PERIOD + 1)
        assert governed.assembly.state(made.proposal_id) is outcome
        with pytest.raises(ProposalNotOpen, match=outcome.name.lower()):
            consortium.vote(made.proposal_id, Support.For, "", governed.ports("council"))


def test_proposal_is_shown_by_what_its_calls_do(governed: Governed) -> None:
    """V-14: decoded from the calldata, whatever its proposer says about it."""
    account, decision = lakeside()
    made = consortium.propose(decision, REASON, governed.ports("trustee"))
    governed.pass_time()
    voted(governed, made.proposal_id, "mercy", support=Support.Against)
    shown = consortium.show(made.proposal_id, governed.assembly)
    assert shown.acts == decision.acts
    assert shown.words == tuple(shown.proposal.description.splitlines()[:2])
    assert account in shown.words[0] and shown.proposal.description.endswith(f"Because: {REASON}")
    assert shown.proposer_name == governed.names["trustee"] and shown.state is ProposalState.Active
    institutions = shown.votes[Chamber.Institutions]
    assert (institutions.against, institutions.in_favour, institutions.seats) == (1, 0, 3)
    assert not institutions.has_quorum and not institutions.carries and not institutions.rejects
    assert consortium.overview(governed.assembly)[0] == shown
    found = consortium.find(consortium.id_text(made.proposal_id)[:12], governed.assembly.proposals())
    assert found.id == made.proposal_id


def test_every_kind_of_decision_is_understood_again(governed: Governed) -> None:
    """V-14: each is encoded for the chain and read back in words."""
    mercy = Address(governed.sender("mercy").address)
    committee = governed.ledger.committee()
    keepers = committee.keepers if committee is not None else ()
    for decision in (
        decisions.suspend(mercy),
        decisions.reinstate(mercy),
        decisions.expel(mercy, Chamber.Institutions),
        decisions.set_ceiling(
            "nurse", Confidentiality.RESTRICTED, own_department_only=True, current_episode_only=True
        ),
        decisions.set_ceiling("nurse", None, own_department_only=False, current_episode_only=False),
        decisions.set_registry(Address(governed.ledger.address_of("AuditLog")), "AuditLog", 2),
        decisions.publish_committee(keepers, 3),
        decisions.set_opening_limits(14_400, 3, 259_200, 2),
    ):
        calls = governed.assembly.calls(decision.acts)
        read = tuple(governed.assembly.act(call) for call in calls)
        assert [one and (one.contract, one.function) for one in read] == [
            (act.contract, act.function) for act in decision.acts
        ]
        words = [decisions.in_words(act, governed.assembly.names()) for act in read if act is not None]
        assert all(words) and not any(one.startswith("Call ") for one in words)


def test_nobody_without_a_vote_proposes_or_votes(governed: Governed) -> None:
    """V-15: a stranger, a member without a seat, an id that nobody proposed."""
    account, decision = lakeside()
    with pytest.raises(MemberWithoutVote):
        consortium.propose(decision, REASON, governed.stranger())
    made = consortium.propose(decision, REASON, governed.ports("mercy"))
    with pytest.raises(MemberWithoutVote):
        consortium.vote(made.proposal_id, Support.For, "", governed.stranger())
    for step in (
        lambda: consortium.vote(7, Support.For, "", governed.ports("mercy")),
        lambda: consortium.execute(7, governed.ports("mercy")),
        lambda: consortium.show(7, governed.assembly),
    ):
        with pytest.raises(ProposalUnknown):
            step()
    assert governed.ledger.member(account) is None


def test_vote_says_what_it_waits_for_when_the_chain_stands_still(governed: Governed) -> None:
    """V-15: bounded, and named."""
    _, decision = lakeside()
    made = consortium.propose(decision, REASON, governed.ports("mercy"))
    heard: list[str] = []
    ports = governed.ports("mercy", seconds=0.3)
    patient = type(ports)(ports.assembly, ports.sender, 0.3, heard.append)
    with pytest.raises(ProposalNotDue, match="the vote to begin"):
        consortium.vote(made.proposal_id, Support.For, "", patient)
    assert heard == ["Waiting for the vote to begin"]

"""The members take in another one: by vote of their chambers, since nobody holds a key that could."""

from __future__ import annotations

from consentry.demo.cast import Cast
from consentry.demo.telling import Step, StepDiffers, Telling
from consentry.domain import decisions
from consentry.domain.decisions import Proposal, Support
from consentry.domain.ledger import Chamber, MemberStatus
from consentry.errors import ProposalNotPassed
from consentry.network.run import Network
from consentry.services import consortium
from consentry.services.consortium import ConsortiumPorts

NAME = "Lakeside Clinic"
REASON = "Its patients are ours as well"


def new_member(cast: Cast, telling: Telling) -> None:
    network = cast.network
    telling.heading(f"{NAME} wants to join")
    account = network.place.new_wallet("lakeside")
    with telling.tell(
        "Mercy proposes it; everybody reads what the calls do, not only what Mercy says"
    ) as step:
        decision = decisions.admit(account, NAME, "hospital", Chamber.Institutions)
        made = consortium.propose(decision, REASON, _ports(network, "mercy"))
        shown = consortium.show(made.proposal_id, network.assembly)
        for words in shown.words:
            step.saw(f"“{words}”")
    with telling.tell("the hospitals' chamber votes for it: one chamber alone is not enough") as step:
        _vote(network, shown.proposal, step, "mercy", "city")
        try:
            consortium.execute(made.proposal_id, _ports(network, "mercy"))
        except ProposalNotPassed as error:
            step.saw(f"{error.code}: {error.diagnostics}")
        else:
            step.expect(False, "one chamber sufficed")
    with telling.tell(
        "the ethics board carries it too, and the patients' council lets nobody wait for the end of the vote"
    ) as step:
        _vote(network, shown.proposal, step, "regulator", "trustee", "council")
    with telling.tell("after the Timelock's delay anybody has it carried out") as step:
        receipts = consortium.execute(made.proposal_id, _ports(network, "city"))
        step.transactions("queued and executed", list(receipts))
        member = network.ledger.member(account)
        step.expect(member is not None and member.status is MemberStatus.Active, "it is no member")
        step.expect(network.assembly.chamber_of(account) is Chamber.Institutions, "it has no seat")


def _vote(network: Network, proposal: Proposal, step: Step, *slugs: str) -> None:
    for slug in slugs:
        receipt = consortium.vote(proposal.id, Support.For, "", _ports(network, slug))
        if receipt is None:
            raise StepDiffers(f"{slug} had voted before")
    votes = network.assembly.votes(proposal.id)
    carried = [chamber.name for chamber, one in votes.items() if one.carries]
    state = network.assembly.state(proposal.id)
    step.saw(
        f"carried by {', '.join(carried)}; the proposal is {state.name if state is not None else 'gone'}"
    )


def _ports(network: Network, slug: str) -> ConsortiumPorts:
    return ConsortiumPorts(network.assembly, network.sender_of(slug))

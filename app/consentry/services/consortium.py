"""How members govern: propose, vote, and have what passed carried out (specification V-4 and after, ADR 0007).

Every step may be repeated: what is done already is left alone and said. Time passes on chain, so each step that needs a
later block waits for it, for a bounded time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from consentry.domain import times
from consentry.domain.addresses import Address
from consentry.domain.decisions import (
    Act,
    Call,
    ChamberVotes,
    Decision,
    Proposal,
    ProposalState,
    Support,
    described,
    sentences,
    whole,
)
from consentry.domain.ledger import Chamber, TxReceipt
from consentry.errors import (
    MemberWithoutVote,
    ProposalNotDue,
    ProposalNotOpen,
    ProposalNotPassed,
    ProposalRepeated,
    ProposalUnknown,
    ProposalWouldFail,
    TransactionReverted,
    VoteFinal,
)
from consentry.ports import Sender
from consentry.ports.assembly import CONTRACT, Assembly

POLL_SECONDS = 0.2
_TOLD = {Support.For: "for", Support.Against: "against", Support.Abstain: "abstain"}
_OVER = (ProposalState.Canceled, ProposalState.Defeated, ProposalState.Expired, ProposalState.Executed)


def _silent(words: str) -> None:
    """Nobody is told."""


@dataclass(frozen=True)
class ConsortiumPorts:
    """`seconds`: how long a step waits for the chain's time; `told` hears what is waited for."""

    assembly: Assembly
    sender: Sender
    seconds: float = 30.0
    told: Callable[[str], None] = field(default=_silent)


@dataclass(frozen=True)
class Proposed:
    """`receipt` is None when it had been proposed before."""

    proposal_id: int
    receipt: TxReceipt | None


@dataclass(frozen=True)
class Shown:
    """A proposal with what its calls do, decoded (None: nothing of ours), and how it stands."""

    proposal: Proposal
    acts: tuple[Act | None, ...]
    words: tuple[str, ...]
    state: ProposalState
    votes: Mapping[Chamber, ChamberVotes]
    executable_at: int
    proposer_name: str


def propose(decision: Decision, reason: str, ports: ConsortiumPorts) -> Proposed:
    """Put a decision to the vote.

    Raises MemberWithoutVote, ProposalRepeated, ProposalWouldFail, LayoutInvalid, TransactionReverted, …
    """
    member = _member(ports)
    if ports.assembly.chamber_of(member) is None:
        raise MemberWithoutVote("the member has no seat")
    description = described(decision, reason, ports.assembly.names())
    calls = ports.assembly.calls(decision.acts)
    proposal_id = ports.assembly.proposal_id(calls, description)
    state = ports.assembly.state(proposal_id)
    if state in _OVER:
        raise ProposalRepeated(f"{id_text(proposal_id)} is {state.name.lower()}")
    if state is not None:
        return Proposed(proposal_id, None)
    _try_out(calls[0], ports.assembly)
    targets, values, data, _ = whole(calls, description)
    return Proposed(
        proposal_id, ports.sender.transact(CONTRACT, "propose", targets, values, data, description)
    )


def vote(proposal_id: int, support: Support, reason: str, ports: ConsortiumPorts) -> TxReceipt | None:
    """Vote for the member that the sender acts for; None when it has voted so before.

    Raises MemberWithoutVote, VoteFinal, ProposalUnknown, ProposalNotOpen, ProposalNotDue, TransactionReverted.
    """
    member = _member(ports)
    _require_known(proposal_id, ports.assembly)
    cast = ports.assembly.vote_of(proposal_id, member)
    if cast is support:
        return None
    if cast is not None:
        raise VoteFinal(f"this member has voted {_TOLD[cast]} before, and a vote can't be changed")
    state = _await_state(proposal_id, ports, while_in=ProposalState.Pending)
    if state is not ProposalState.Active:
        raise ProposalNotOpen(f"it is {state.name.lower()}")
    if reason:
        return ports.sender.transact(CONTRACT, "castVoteWithReason", proposal_id, int(support), reason)
    return ports.sender.transact(CONTRACT, "castVote", proposal_id, int(support))


def execute(proposal_id: int, ports: ConsortiumPorts) -> tuple[TxReceipt, ...]:
    """Queue what passed, wait for the Timelock, carry it out; no receipts when it was done before. Anybody may.

    Raises ProposalUnknown, ProposalNotPassed, ProposalNotDue naming the time, TransactionReverted.
    """
    proposal = _known(proposal_id, ports.assembly)
    arguments = whole(proposal.calls, proposal.description)
    state = ports.assembly.state(proposal_id)
    receipts: list[TxReceipt] = []
    if state is ProposalState.Executed:
        return ()
    if state is ProposalState.Succeeded:
        receipts.append(ports.sender.transact(CONTRACT, "queue", *arguments))
        state = ProposalState.Queued
    if state is not ProposalState.Queued:
        raise ProposalNotPassed(f"it is {'unknown' if state is None else state.name.lower()}")
    due = ports.assembly.executable_at(proposal_id)
    _await(lambda: ports.assembly.now() >= due, f"the Timelock, until {times.iso(due)}", ports)
    receipts.append(ports.sender.transact(CONTRACT, "execute", *arguments))
    return tuple(receipts)


def overview(assembly: Assembly) -> tuple[Shown, ...]:
    """All proposals, newest first."""
    names = assembly.names()
    return tuple(_shown(one, names, assembly) for one in assembly.proposals())


def show(proposal_id: int, assembly: Assembly) -> Shown:
    """Raises ProposalUnknown."""
    return _shown(_known(proposal_id, assembly), assembly.names(), assembly)


def id_text(proposal_id: int) -> str:
    """0x and 64 hex digits."""
    return f"0x{proposal_id:064x}"


def find(text: str, proposals: Sequence[Proposal]) -> Proposal:
    """The one proposal whose id begins so. Raises ProposalUnknown, also when several do."""
    found = [one for one in proposals if id_text(one.id).startswith(text.lower())]
    if len(found) != 1:
        raise ProposalUnknown("several proposals begin so" if found else "")
    return found[0]


def _shown(proposal: Proposal, names: Mapping[str, str], assembly: Assembly) -> Shown:
    acts = tuple(assembly.act(call) for call in proposal.calls)
    state = assembly.state(proposal.id)
    if state is None:
        raise ProposalUnknown()
    return Shown(
        proposal,
        acts,
        sentences(acts, names),
        state,
        assembly.votes(proposal.id),
        assembly.executable_at(proposal.id),
        names.get(proposal.proposer, proposal.proposer),
    )


def _member(ports: ConsortiumPorts) -> Address:
    member = ports.assembly.member_of(Address(ports.sender.address))
    if member is None:
        raise MemberWithoutVote()
    return member


def _try_out(first: Call, assembly: Assembly) -> None:
    """Only the first call: what follows may rest on it. Raises ProposalWouldFail."""
    try:
        assembly.try_out(first)
    except TransactionReverted as problem:
        raise ProposalWouldFail(f"as the chain stands now, the contract says {problem.diagnostics}") from None


def _known(proposal_id: int, assembly: Assembly) -> Proposal:
    found = assembly.proposal(proposal_id)
    if found is None:
        raise ProposalUnknown()
    return found


def _require_known(proposal_id: int, assembly: Assembly) -> None:
    if assembly.state(proposal_id) is None:
        raise ProposalUnknown()


def _await_state(proposal_id: int, ports: ConsortiumPorts, *, while_in: ProposalState) -> ProposalState:
    found = [_state(proposal_id, ports.assembly)]

    def moved_on() -> bool:
        found[0] = _state(proposal_id, ports.assembly)
        return found[0] is not while_in

    _await(moved_on, "the vote to begin", ports)
    return found[0]


def _state(proposal_id: int, assembly: Assembly) -> ProposalState:
    state = assembly.state(proposal_id)
    if state is None:
        raise ProposalUnknown()
    return state


def _await(ready: Callable[[], bool], what: str, ports: ConsortiumPorts) -> None:
    """Poll until the chain is there. Raises ProposalNotDue."""
    ends, said = time.monotonic() + ports.seconds, False
    while not ready():
        if not said:
            ports.told(f"Waiting for {what}")
            said = True
        if time.monotonic() + POLL_SECONDS > ends:
            raise ProposalNotDue(f"waited {ports.seconds:.0f} s for {what}")
        time.sleep(POLL_SECONDS)

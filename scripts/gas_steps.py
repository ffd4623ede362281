"""What scripts/gas.py measures of recoveries and decisions, which take several steps.

They stand after the rows of scripts/gas_rows.py, for they let days pass.
"""

from __future__ import annotations

from typing import Any

from brownie import accounts

from scripts import settings
from scripts.gas_world import DAY, by
from tests.contracts.consents import Person
from tests.contracts.governing import FOR, Governed, pass_time
from tests.contracts.identity.guardians import Circle, recovery

Rows = list[tuple[str, int]]


def measure(network: Any) -> Rows:
    return [*_recovery(network), *_decisions(network)]


def _recovery(network: Any) -> Rows:
    """By two of three guardians."""
    identities, lost, fresh = network.IdentityRegistry, Person.named("dora"), Person.named("dora again")
    friends = [Person.named(f"friend {one}") for one in range(3)]
    circle = Circle.of(2, *friends)
    named = identities.setGuardians(
        lost.address, circle.commitment(identities, lost.address), by(lost.account)
    )
    deadline = network.now + DAY
    typed = recovery(identities, lost.address, fresh.address, deadline)
    sent = (lost.address, fresh.address, circle.revealed, circle.signed(typed, *friends[:2]), deadline)
    started = identities.startRecovery(*sent, by(network.relayer))
    pass_time(identities.recoveryDelay())
    finished = identities.finishRecovery(lost.address, by(network.relayer))
    return [
        ("name guardians", named.gas_used),
        ("start a recovery, two of three guardians", started.gas_used),
        ("finish a recovery", finished.gas_used),
    ]


def _decisions(network: Any) -> Rows:
    """The seats are those that the committee's members were given: two institutions, two of ethics, one of the council."""
    mercy, city = network.mercy, network.city
    governed = Governed(network, ((mercy, accounts[5]), (city, accounts[6]), (accounts[4],)))
    # what the hand-over gives the Timelock
    network.Authority.grantRole(settings.CONSORTIUM_ROLE, network.Timelock, 0, by(network.consortium))
    admission = (network.MemberRegistry, "admit", accounts[8].address, "Northern Hospital", "hospital")
    proposal = governed.propose([admission], by=mercy)
    votes = [network.Consortium.castVote(proposal.id, FOR, by(one)) for one in governed.voters]
    queued = governed.queue(proposal)
    executed = governed.execute(proposal)
    return [
        ("propose an admission", proposal.made.gas_used),
        ("a chamber's first vote", votes[0].gas_used),
        ("its next", votes[1].gas_used),
        ("queue a decision", queued.gas_used),
        ("carry out an admission", executed.gas_used),
    ]

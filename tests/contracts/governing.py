"""A consortium that governs itself: three chambers, proposals, votes, and decisions carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from brownie import accounts, chain, web3

from tests.contracts.consents import CITY, MERCY, Person
from tests.contracts.structs import DOMAIN_FIELDS

AGAINST, FOR, ABSTAIN = range(3)
PENDING, ACTIVE, CANCELED, DEFEATED, SUCCEEDED, QUEUED, EXPIRED, EXECUTED = range(8)
INSTITUTIONS, ETHICS, COUNCIL = range(3)

# A contract, one of its functions, the arguments.
Call = tuple[Any, ...]


@dataclass(frozen=True)
class Proposal:
    """A proposal as OpenZeppelin's Governor wants it said again at every step."""

    id: int
    targets: Sequence[str]
    data: Sequence[str]
    description: str
    made: Any

    @property
    def whole(self) -> tuple[Any, ...]:
        return self.targets, [0] * len(self.targets), self.data, self.hashed

    @property
    def hashed(self) -> str:
        return hash_of(self.description)


@dataclass(frozen=True)
class Governed:
    """The contracts after the hand-over, and who sits where."""

    contracts: SimpleNamespace
    chambers: tuple[tuple[Any, ...], ...]

    @property
    def voters(self) -> list[Any]:
        return [member for chamber in self.chambers for member in chamber]

    def propose(
        self, calls: Sequence[Call], by: Any = None, description: str = "A decision, and why"
    ) -> Proposal:
        """Propose, and wait until votes count."""
        targets = [call[0].address for call in calls]
        data = [getattr(call[0], call[1]).encode_input(*call[2:]) for call in calls]
        consortium = self.contracts.Consortium
        sender = {"from": by or self.chambers[INSTITUTIONS][0]}
        made = consortium.propose(targets, [0] * len(calls), data, description, sender)
        proposal = Proposal(made.events["ProposalCreated"]["proposalId"], targets, data, description, made)
        pass_time(consortium.votingDelay() + 1)
        return proposal

    def vote(self, proposal: Proposal, votes: Mapping[Any, int]) -> None:
        for member, support in votes.items():
            self.contracts.Consortium.castVote(proposal.id, support, {"from": member})

    def all_for(self, proposal: Proposal) -> None:
        """Vote for it, member by member, until nothing could change the result."""
        for member in self.voters:
            if self.state(proposal) != ACTIVE:
                return
            self.vote(proposal, {member: FOR})

    def state(self, proposal: Proposal) -> int:
        return self.contracts.Consortium.state(proposal.id)

    def queue(self, proposal: Proposal, by: Any = None) -> Any:
        """Queue, and wait until the Timelock lets it pass."""
        queued = self.contracts.Consortium.queue(*proposal.whole, {"from": by or self.voters[0]})
        pass_time(self.contracts.Timelock.getMinDelay() + 1)
        return queued

    def execute(self, proposal: Proposal, by: Any = None) -> Any:
        return self.contracts.Consortium.execute(*proposal.whole, {"from": by or self.voters[0]})

    def by_vote(self, *calls: Call, description: str = "A decision, and why") -> Any:
        """Everybody agrees; returns the transaction that carried it out."""
        proposal = self.propose(calls, description=description)
        self.all_for(proposal)
        self.queue(proposal)
        return self.execute(proposal)


def bitmap(*states: int) -> str:
    """States as Governor names those that it would have taken."""
    return f"0x{sum(1 << state for state in states):064x}"


def pass_time(seconds: int) -> None:
    """Let the chain's clock go on, and show it in a block."""
    chain.sleep(seconds)
    chain.mine()


def hash_of(description: str) -> str:
    return "0x" + bytes(web3.keccak(text=description)).hex()


BALLOT = [("proposalId", "uint256"), ("support", "uint8"), ("voter", "address"), ("nonce", "uint256")]


def signed_ballot(assembly: Any, person: Person, proposal: int, support: int, nonce: int) -> bytes:
    """A vote as OpenZeppelin's `castVoteBySig` takes it from a key: 65 bytes."""
    message = {"proposalId": proposal, "support": support, "voter": person.address, "nonce": nonce}
    return person.sign(
        {
            "domain": {
                "name": "Consentry Consortium",
                "version": "1",
                "chainId": assembly.eip712Domain()[3],
                "verifyingContract": assembly.address,
            },
            "types": {"EIP712Domain": _fields(DOMAIN_FIELDS), "Ballot": _fields(BALLOT)},
            "primaryType": "Ballot",
            "message": message,
        }
    )


def _fields(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in pairs]


def plan_of(mercy: Any, city: Any, regulator: Any) -> dict[str, Any]:
    """A founding file: three institutions, two of the ethics board (one the regulator), two of the patients' council."""
    rows = (
        (mercy, MERCY, "hospital", "institutions"),
        (city, CITY, "hospital", "institutions"),
        (accounts[5], "City Laboratory", "laboratory", "institutions"),
        (regulator, "Health Regulator", "regulator", "ethics-board"),
        (accounts[6], "Records Trustee", "trustee", "ethics-board"),
        (accounts[7], "Patients' Council", "patients-council", "patients-council"),
        (accounts[8], "Rare Diseases Alliance", "patients-council", "patients-council"),
    )
    names = ("account", "name", "kind", "chamber")
    members = [dict(zip(names, (str(account), *rest), strict=True)) for account, *rest in rows]
    return {"members": members, "regulator": "Health Regulator"}

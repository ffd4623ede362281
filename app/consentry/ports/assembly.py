"""The consortium's assembly, as the chain tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from consentry.domain.addresses import Address
from consentry.domain.decisions import Act, Call, ChamberVotes, Proposal, ProposalState, Support
from consentry.domain.ledger import Chamber

CONTRACT = "Consortium"


class Assembly(Protocol):
    """Reads of proposals and votes. Raises ChainUnreachable, ChainWrong."""

    def calls(self, acts: Sequence[Act]) -> tuple[Call, ...]:
        """Acts as calls of the deployment's contracts. Raises LayoutInvalid for arguments of other types."""

    def act(self, call: Call) -> Act | None:
        """What a call does, or None if no contract of ours would understand it."""

    def proposal_id(self, calls: Sequence[Call], description: str) -> int:
        """As the Governor names a proposal."""

    def proposals(self) -> tuple[Proposal, ...]:
        """All there ever were, newest first."""

    def proposal(self, proposal_id: int) -> Proposal | None: ...

    def state(self, proposal_id: int) -> ProposalState | None:
        """On the latest block; None for an id that nobody proposed."""

    def votes(self, proposal_id: int) -> Mapping[Chamber, ChamberVotes]: ...

    def vote_of(self, proposal_id: int, member: Address) -> Support | None:
        """How a member voted."""

    def try_out(self, call: Call) -> None:
        """As the Timelock would make the call now. Raises TransactionReverted."""

    def executable_at(self, proposal_id: int) -> int:
        """When a queued proposal may be executed (seconds), else 0."""

    def now(self) -> int:
        """The newest block's time (seconds)."""

    def member_of(self, account: Address) -> Address | None:
        """The active member that an account acts for."""

    def chamber_of(self, member: Address) -> Chamber | None:
        """Where a member has its seat."""

    def names(self) -> Mapping[str, str]:
        """Members' names by address."""

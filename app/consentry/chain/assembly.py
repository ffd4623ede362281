"""The consortium's proposals and votes on a JSON-RPC node (the Assembly port)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eth_abi.abi import encode

from consentry.chain.history import History
from consentry.chain.ledger import ChainLedger
from consentry.chain.logs import Log
from consentry.chain.rpc import Request, RpcError
from consentry.domain.addresses import Address
from consentry.domain.canonical import keccak
from consentry.domain.decisions import (
    Act,
    Call,
    ChamberVotes,
    Proposal,
    ProposalState,
    Support,
    whole,
)
from consentry.domain.ledger import Chamber, MemberStatus
from consentry.errors import ChainWrong, TransactionReverted
from consentry.ports.assembly import CONTRACT

_UNKNOWN = "GovernorNonexistentProposal"


class ChainAssembly:
    """Reads through a ledger's node; nothing is cached."""

    def __init__(self, ledger: ChainLedger) -> None:
        self._ledger = ledger
        self._contracts = ledger.connection.contracts
        self._history = History(ledger.connection)

    def calls(self, acts: Sequence[Act]) -> tuple[Call, ...]:
        return tuple(
            Call(
                Address(self._contracts[act.contract].address),
                self._contracts[act.contract].encode(act.function, *act.arguments),
            )
            for act in acts
        )

    def act(self, call: Call) -> Act | None:
        contract = next((one for one in self._contracts.values() if one.address == call.target), None)
        if contract is None:
            return None
        for function in contract.functions.values():
            if call.data.startswith(function.selector):
                arguments = function.decode_call(call.data)
                return None if arguments is None else Act(contract.name, function.name, arguments)
        return None

    def proposal_id(self, calls: Sequence[Call], description: str) -> int:
        said = encode(("address[]", "uint256[]", "bytes[]", "bytes32"), whole(calls, description))
        return int.from_bytes(keccak(said), "big")

    def proposals(self) -> tuple[Proposal, ...]:
        event = self._contracts[CONTRACT].events["ProposalCreated"]
        logs = self._history.logs(self._contracts[CONTRACT], (event.topic,), 0, self._ledger.head().number)
        return tuple(_proposal(log) for log in logs)[::-1]

    def proposal(self, proposal_id: int) -> Proposal | None:
        return next((one for one in self.proposals() if one.id == proposal_id), None)

    def state(self, proposal_id: int) -> ProposalState | None:
        try:
            number = self._ledger.ask(self._ledger.call(CONTRACT, "state", proposal_id, read=int))
        except TransactionReverted as problem:
            if problem.name == _UNKNOWN:
                return None
            raise
        try:
            return ProposalState(number)
        except ValueError:
            raise ChainWrong("a state of a proposal is answered that is not known here") from None

    def votes(self, proposal_id: int) -> Mapping[Chamber, ChamberVotes]:
        calls = [
            self._ledger.call(CONTRACT, "chamberVotes", proposal_id, int(chamber), read=ChamberVotes)
            for chamber in Chamber
        ]
        answers = self._ledger.evaluate(calls)
        return {chamber: answer.get() for chamber, answer in zip(Chamber, answers, strict=True)}

    def vote_of(self, proposal_id: int, member: Address) -> Support | None:
        if not self._ledger.ask(self._ledger.call(CONTRACT, "hasVoted", proposal_id, member, read=bool)):
            return None
        contract = self._contracts[CONTRACT]
        topics = (contract.events["VoteCast"].topic, bytes(12) + bytes.fromhex(member[2:]))
        logs = self._history.logs(contract, topics, 0, self._ledger.head().number)
        cast = [one.arguments["support"] for one in logs if one.arguments["proposalId"] == proposal_id]
        try:
            return Support(*cast)
        except (TypeError, ValueError):
            raise ChainWrong("a vote is counted that no event tells of") from None

    def try_out(self, call: Call) -> None:
        connection = self._ledger.connection
        by = self._contracts["Timelock"].address
        asked = {"from": by, "to": call.target, "data": "0x" + call.data.hex()}
        (answer,) = connection.ask([Request("eth_call", (asked, "latest"))])
        if isinstance(answer, RpcError):
            raise connection.reverts.reverted(answer) or answer

    def executable_at(self, proposal_id: int) -> int:
        return self._ledger.ask(self._ledger.call(CONTRACT, "proposalEta", proposal_id, read=int))

    def now(self) -> int:
        return self._ledger.head().timestamp

    def member_of(self, account: Address) -> Address | None:
        def acting(member: str, status: int) -> Address | None:
            return Address(member) if status == MemberStatus.Active else None

        return self._ledger.ask(self._ledger.call("MemberRegistry", "actorOf", account, read=acting))

    def chamber_of(self, member: Address) -> Chamber | None:
        def seat(seated: bool, chamber: int) -> Chamber | None:  # noqa: FBT001 - as the contract answers
            return Chamber(chamber) if seated else None

        return self._ledger.ask(self._ledger.call("MemberSeat", "chamberOf", member, read=seat))

    def names(self) -> Mapping[str, str]:
        return {member.address: member.name for member in self._ledger.members()}


def _proposal(log: Log) -> Proposal:
    of = log.arguments
    calls = tuple(
        Call(Address(target), bytes(data))
        for target, data in zip(of["targets"], of["calldatas"], strict=True)
    )
    return Proposal(
        id=of["proposalId"],
        proposer=Address(of["proposer"]),
        calls=calls,
        description=of["description"],
        votes_from=of["voteStart"],
        votes_until=of["voteEnd"],
    )

"""`consentry consortium`: what members decide by vote: see proposals, vote, have what passed carried out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from consentry.cli.command import Group, takes_chain, takes_wallet
from consentry.cli.problems import CommandInvalid
from consentry.cli.proposing import MEMBER_KEY, ports_of, propose
from consentry.cli.settings import Settings, pass_settings
from consentry.domain import fields, times
from consentry.domain.decisions import ProposalState, Support

if TYPE_CHECKING:
    from consentry.chain.assembly import ChainAssembly
    from consentry.services.consortium import Shown

_LINE = 90
_VOTES = {"for": Support.For, "against": Support.Against, "abstain": Support.Abstain}


@click.group(cls=Group)
def consortium() -> None:
    """What the members decide together.

    Two of three chambers must carry a proposal, and none reject it. What passed waits in the Timelock; then anybody has it
    carried out.
    """


consortium.add_command(propose)


@consortium.command(
    "list", example="consentry consortium list --rpc http://localhost:8545 --deployment deployment.json"
)
@takes_chain
@pass_settings
def list_(settings: Settings) -> None:
    """Every proposal there ever was, newest first."""
    from consentry.services.consortium import overview

    found = overview(_assembly(settings))

    def tell() -> None:
        rows = [(_id(one)[:18], one.state.name, one.proposer_name, _short(one.words)) for one in found]
        settings.output.table(("proposal", "state", "by", "what"), rows)

    settings.output.result({"proposals": [_value(one) for one in found]}, tell)


@consortium.command(example="consentry consortium show 0x1f2e3d4c")
@click.argument("proposal", metavar="ID")
@takes_chain
@pass_settings
def show(settings: Settings, proposal: str) -> None:
    """One proposal: what it does, call by call, and how each chamber voted. The beginning of its id suffices."""
    from consentry.services import consortium as service

    assembly = _assembly(settings)
    found = service.show(_found(proposal, assembly), assembly)

    def tell() -> None:
        settings.output.say(f"{_id(found)}: {found.state.name}, proposed by {found.proposer_name}")
        for words in found.words:
            settings.output.say(f"  {words}")
        settings.output.say("What the proposer says besides:")
        for line in found.proposal.description.splitlines():
            if line not in found.words:
                settings.output.say(f"  {line}")
        rows = [
            (chamber.name, votes.in_favour, votes.against, votes.abstained, votes.seats)
            for chamber, votes in found.votes.items()
        ]
        settings.output.table(("chamber", "for", "against", "abstain", "seats"), rows)
        settings.output.say(f"Votes count until {times.iso(found.proposal.votes_until)}.")

    settings.output.result(_value(found), tell)


@consortium.command(
    example="consentry consortium vote 0x1f2e3d4c for --wallet mercy.keystore\n"
    'consentry consortium vote 0x1f2e3d4c against --reason "Its keeper was silent" --wallet council.keystore'
)
@click.argument("proposal", metavar="ID")
@click.argument("support", metavar="for|against|abstain", type=click.Choice(list(_VOTES)))
@click.option("--reason", default="", help="Public, on chain, for ever.")
@takes_wallet(help_text=MEMBER_KEY)
@takes_chain
@pass_settings
def vote(settings: Settings, proposal: str, support: str, reason: str, wallet: str) -> None:
    """Vote for the member that the wallet acts for. A vote can't be changed."""
    from consentry.services import consortium as service

    if not reason.isprintable() or len(reason) > 500:
        raise CommandInvalid("--reason is at most 500 printable characters")
    ports = ports_of(settings, wallet)
    proposal_id = _found(proposal, ports.assembly)
    receipt = service.vote(proposal_id, _VOTES[support], reason, ports)
    state = ports.assembly.state(proposal_id)
    value = {
        "proposal": service.id_text(proposal_id),
        "voted": support,
        "state": None if state is None else state.name,
        "transaction": None if receipt is None else fields.to_hex(receipt.hash),
    }
    words = f"This member has voted {support} before." if receipt is None else f"Voted {support}."
    settings.output.result(value, lambda: settings.output.say(f"{words} The proposal is {value['state']}."))


@consortium.command(example="consentry consortium execute 0x1f2e3d4c --wallet mercy.keystore")
@click.argument("proposal", metavar="ID")
@click.option("--wait", type=click.FloatRange(0, 86_400), default=30.0, metavar="SECONDS", show_default=True)
@takes_wallet(help_text="Anybody's key file: who carries it out gains nothing.")
@takes_chain
@pass_settings
def execute(settings: Settings, proposal: str, wait: float, wallet: str) -> None:
    """Have a proposal that passed carried out; waits for the Timelock, at most so long."""
    from consentry.services import consortium as service

    ports = ports_of(settings, wallet, wait)
    proposal_id = _found(proposal, ports.assembly)
    with settings.output.working("Carrying it out"):
        receipts = service.execute(proposal_id, ports)
    value = {
        "proposal": service.id_text(proposal_id),
        "state": ProposalState.Executed.name,
        "transactions": [fields.to_hex(one.hash) for one in receipts],
    }
    words = "It is carried out." if receipts else "It was carried out before."
    settings.output.result(value, lambda: settings.output.say(words))


def _assembly(settings: Settings) -> ChainAssembly:
    from consentry.chain.assembly import ChainAssembly
    from consentry.chain.ledger import ChainLedger

    return ChainAssembly(ChainLedger(settings.connection()))


def _found(text: str, assembly: Any) -> int:
    """Raises CommandInvalid, ProposalUnknown."""
    from consentry.services.consortium import find

    digits = text.lower().removeprefix("0x")
    if not 4 <= len(digits) <= 64 or not set(digits) <= set("0123456789abcdef"):
        raise CommandInvalid("ID is 0x and 4 to 64 hex digits, the beginning of a proposal's id")
    return find(f"0x{digits}", assembly.proposals()).id


def _id(one: Shown) -> str:
    return f"0x{one.proposal.id:064x}"


def _short(words: Sequence[str]) -> str:
    """The first of a proposal's sentences, for one line of a table; `show` has them whole."""
    more = f" (+{len(words) - 1})" if len(words) > 1 else ""
    return (words[0] if len(words[0]) <= _LINE else words[0][: _LINE - 1] + "…") + more


def _value(one: Shown) -> dict[str, Any]:
    return {
        "id": _id(one),
        "state": one.state.name,
        "proposer": {"address": one.proposal.proposer, "name": one.proposer_name},
        "does": list(one.words),
        "description": one.proposal.description,
        "votesFrom": times.iso(one.proposal.votes_from),
        "votesUntil": times.iso(one.proposal.votes_until),
        "executableAt": times.iso(one.executable_at) if one.executable_at else None,
        "votes": {
            chamber.name: {
                "for": votes.in_favour,
                "against": votes.against,
                "abstain": votes.abstained,
                "seats": votes.seats,
                "carries": votes.carries,
            }
            for chamber, votes in one.votes.items()
        },
    }

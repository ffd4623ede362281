"""`consentry member`: who belongs to the network. Names are never reused, so nobody is ever renamed."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

import click

from consentry.cli.command import Group, takes_chain
from consentry.cli.problems import NotFound
from consentry.cli.proposing import admit, expel, reinstate, suspend
from consentry.cli.settings import Settings, address_argument, pass_settings
from consentry.domain import fields, times

if TYPE_CHECKING:
    from consentry.chain.ledger import ChainLedger
    from consentry.domain.ledger import MemberInfo


@click.group(cls=Group)
def member() -> None:
    """Members of the network, on chain.

    Admission and standing are the members' own to decide: these commands propose, `consentry consortium` votes.
    """


@member.command(
    "list", example="consentry member list --rpc http://localhost:8545 --deployment deployment.json"
)
@takes_chain
@pass_settings
def list_(settings: Settings) -> None:
    """Every institution ever admitted, with its standing."""
    found = ledger_of(settings).members()
    settings.output.result(
        {"members": [_value(one) for one in found]},
        lambda: settings.output.table(
            ("member", "name", "kind", "status"), [(m.address, m.name, m.kind, m.status.name) for m in found]
        ),
    )


@member.command(example='consentry member show "Mercy Hospital"\nconsentry member show 0x…')
@click.argument("member", metavar="NAME|ADDRESS")
@takes_chain
@pass_settings
def show(settings: Settings, member: str) -> None:
    """One member, by its registered name or its address."""
    ledger = ledger_of(settings)
    found = (
        ledger.member(address_argument(member, "ADDRESS"))
        if member.startswith("0x")
        else ledger.member_by_name(member)
    )
    if found is None:
        raise NotFound("no member has this name or address")
    value = _value(found)
    settings.output.result(value, lambda: settings.output.table(("", ""), list(value.items())))


for _proposing in (admit, suspend, reinstate, expel):
    _own = copy(_proposing)
    _own.epilog = (_own.epilog or "").replace("consortium propose", "member")
    member.add_command(_own)


def ledger_of(settings: Settings) -> ChainLedger:
    """The chain's reads through the verifier's own node."""
    from consentry.chain.ledger import ChainLedger

    return ChainLedger(settings.connection())


def _value(one: MemberInfo) -> dict[str, Any]:
    return {
        "address": one.address,
        "name": one.name,
        "kind": one.kind,
        "status": one.status.name,
        "admittedAt": times.iso(one.admitted_at),
        "directoryKeys": [fields.to_hex(key) for key in one.directory_keys],
    }

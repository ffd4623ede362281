"""`consentry member`: who belongs to the network. Names are never reused, so nobody is ever renamed."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

import click

from consentry.cli.command import Group, takes_chain
from consentry.cli.proposing import admit, expel, reinstate, replace_key, suspend
from consentry.cli.reached import found_member, ledger_of
from consentry.cli.settings import Settings, pass_settings
from consentry.cli.standing import confirm_suspension, rotate_key, suspend_fast
from consentry.domain import fields, times
from consentry.domain.addresses import Address

if TYPE_CHECKING:
    from consentry.domain.ledger import MemberInfo


@click.group(cls=Group)
def member() -> None:
    """Members of the network, on chain.

    Admission and standing are the members' own to decide: admit, suspend, reinstate, expel and replace-key propose,
    `consentry consortium` votes. A member hands its own key over at once (rotate-key); so does the regulator stop a member for
    some days (suspend-fast), which a chamber confirms.
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
    """One member, by its registered name or its address, and which key acts for it."""
    ledger = ledger_of(settings)
    found = found_member(member, ledger)
    key = ledger.ask(ledger.call("MemberRegistry", "keyOf", found.address, read=Address))
    value = _value(found) | {"key": key}
    settings.output.result(value, lambda: settings.output.table(("", ""), list(value.items())))


for _proposing in (admit, suspend, reinstate, expel, replace_key):
    _own = copy(_proposing)
    _own.epilog = (_own.epilog or "").replace("consortium propose", "member")
    member.add_command(_own)
for _at_once in (rotate_key, suspend_fast, confirm_suspension):
    member.add_command(_at_once)


def _value(one: MemberInfo) -> dict[str, Any]:
    return {
        "address": one.address,
        "name": one.name,
        "kind": one.kind,
        "status": one.status.name,
        "admittedAt": times.iso(one.admitted_at),
        "directoryKeys": [fields.to_hex(key) for key in one.directory_keys],
    }

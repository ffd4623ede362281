"""`consentry member`: who belongs to the network. Names are never reused, so nobody is ever renamed."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import click

from consentry.cli.administration import transact
from consentry.cli.command import Group, takes_chain, takes_wallet
from consentry.cli.problems import CommandInvalid, NotFound
from consentry.cli.settings import Settings, address_argument, pass_settings
from consentry.domain import fields, times

if TYPE_CHECKING:
    from consentry.chain.ledger import ChainLedger
    from consentry.domain.ledger import MemberInfo

_KEY = "Keystore of the consortium (secret `account`)."
_KIND = re.compile(r"[a-z][a-z-]{0,31}")


@click.group(cls=Group)
def member() -> None:
    """Members of the network, on chain. Admission and standing are the consortium's to decide."""


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


@member.command(
    example='consentry member admit 0x… --name "Lakeside Clinic" --kind hospital --wallet consortium.keystore'
)
@click.argument("address", metavar="ADDRESS")
@click.option("--name", required=True, help="Public name, for ever; patients read it.")
@click.option("--kind", required=True, help="hospital, laboratory, pharmacy, insurer, regulator, …")
@takes_wallet(help_text=_KEY)
@takes_chain
@pass_settings
def admit(settings: Settings, address: str, name: str, kind: str, wallet: str) -> None:
    """Admit an institution under a public name that nobody ever had."""
    account = address_argument(address, "ADDRESS")
    if not fields.is_name(name) or name == "any":
        raise CommandInvalid("--name must be printable text of at most 128 bytes, and not the word `any`")
    if not _KIND.fullmatch(kind):
        raise CommandInvalid("--kind is a short word in lower case")
    transact(settings, wallet, "admit", account, name, kind, said=f"{name} is a member")


@member.command(example="consentry member suspend 0x… --wallet consortium.keystore")
@click.argument("address", metavar="ADDRESS")
@takes_wallet(help_text=_KEY)
@takes_chain
@pass_settings
def suspend(settings: Settings, address: str, wallet: str) -> None:
    """Take a member's standing for a time.

    Its staff's and its keeper's too, until it is reinstated.
    """
    transact(
        settings, wallet, "suspend", address_argument(address, "ADDRESS"), said="The member is suspended"
    )


@member.command(example="consentry member reinstate 0x… --wallet consortium.keystore")
@click.argument("address", metavar="ADDRESS")
@takes_wallet(help_text=_KEY)
@takes_chain
@pass_settings
def reinstate(settings: Settings, address: str, wallet: str) -> None:
    """Give a suspended member its standing back."""
    transact(settings, wallet, "reinstate", address_argument(address, "ADDRESS"), said="The member is active")


@member.command(example="consentry member expel 0x… --wallet consortium.keystore --yes")
@click.argument("address", metavar="ADDRESS")
@click.option("--yes", is_flag=True, help="Do not ask: it is for ever.")
@takes_wallet(help_text=_KEY)
@takes_chain
@pass_settings
def expel(
    settings: Settings,
    address: str,
    yes: bool,  # noqa: FBT001 - click's form
    wallet: str,
) -> None:
    """Take a member's standing for ever."""
    account = address_argument(address, "ADDRESS")
    if not yes:
        if not sys.stdin.isatty():
            raise CommandInvalid("an expelled member stays expelled: say --yes")
        click.confirm("An expelled member stays expelled. Go on?", abort=True, err=True)
    transact(settings, wallet, "expel", account, said="The member is expelled")


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

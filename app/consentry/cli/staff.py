"""`consentry staff`: a member's own people and system accounts."""

from __future__ import annotations

import click

from consentry.cli.administration import transact
from consentry.cli.command import Group, takes_chain, takes_wallet
from consentry.cli.problems import CommandInvalid, NotFound
from consentry.cli.reached import ledger_of
from consentry.cli.settings import Settings, address_argument, pass_settings
from consentry.cli.terms_options import moment
from consentry.domain import fields, times
from consentry.domain.roles import Role
from consentry.errors import LayoutInvalid

_KEY = "Keystore of the member (secret `account`)."


@click.group(cls=Group)
def staff() -> None:
    """Who may act for a member.

    Enrolled and dismissed by the member alone, on chain.
    """


@staff.command(
    example="consentry staff enrol 0x… --role attending --department cardiology --licence-end 2028-12-31 "
    "--wallet mercy.keystore"
)
@click.argument("account", metavar="ADDRESS")
@click.option("--role", type=click.Choice([str(one) for one in Role]), required=True)
@click.option("--department", required=True, help="A short code such as cardiology, or `any`.")
@click.option("--licence-end", metavar="TIME", required=True, help="2028-12-31 or 2028-12-31T12:00:00Z.")
@takes_wallet(help_text=_KEY)
@takes_chain
@pass_settings
def enrol(
    settings: Settings, account: str, role: str, department: str, licence_end: str, wallet: str
) -> None:
    """Enrol a person or a system account.

    Enrolled already, it changes role, department or licence end.
    """
    ends = times.seconds(moment(licence_end, "--licence-end"))
    if ends <= settings.now():
        raise CommandInvalid("--licence-end must lie in the future")
    person = address_argument(account, "ADDRESS")
    words = (_code32(role, "--role"), _code32(department, "--department"))
    transact(settings, wallet, "enrol", person, *words, ends, said=f"{person} is enrolled as {role}")


@staff.command(example="consentry staff dismiss 0x… --wallet mercy.keystore")
@click.argument("account", metavar="ADDRESS")
@takes_wallet(help_text=_KEY)
@takes_chain
@pass_settings
def dismiss(settings: Settings, account: str, wallet: str) -> None:
    """End an enrolment; the next request of this account is refused."""
    person = address_argument(account, "ADDRESS")
    transact(settings, wallet, "dismiss", person, said=f"{person} is dismissed")


@staff.command(example="consentry staff show 0x… --rpc http://localhost:8545 --deployment deployment.json")
@click.argument("account", metavar="ADDRESS")
@takes_chain
@pass_settings
def show(settings: Settings, account: str) -> None:
    """Whose staff an account is, and as what."""
    ledger = ledger_of(settings)
    found = ledger.staff(address_argument(account, "ADDRESS"))
    if found is None:
        raise NotFound("this account is nobody's staff")
    member = ledger.member(found.member)
    value = {
        "account": found.account,
        "member": found.member,
        "memberName": None if member is None else member.name,
        "role": found.role,
        "department": found.department,
        "licenceEnd": times.iso(found.licence_end_at),
    }
    settings.output.result(value, lambda: settings.output.table(("", ""), list(value.items())))


def _code32(text: str, what: str) -> bytes:
    """A short ASCII code as the contract stores it, 32 bytes. Raises LayoutInvalid."""
    code = fields.code(text, what)
    if code != code.lower():
        raise LayoutInvalid(f"{what}: must be in lower case", expression=(what,))
    return code.encode("ascii").ljust(32, b"\0")

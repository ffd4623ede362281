"""`consentry consortium propose`: decisions put to the members' vote. `consentry member admit` and the like are these."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consentry.cli.command import Group, takes_chain, takes_wallet
from consentry.cli.committee_file import parse_committee
from consentry.cli.files import read_text
from consentry.cli.problems import CommandInvalid, NotFound
from consentry.cli.settings import Settings, address_argument, pass_settings, wallet_of
from consentry.domain import decisions, fields
from consentry.domain.addresses import Address
from consentry.domain.categories import Confidentiality
from consentry.domain.decisions import Decision
from consentry.domain.ledger import Chamber
from consentry.domain.roles import Role

if TYPE_CHECKING:
    from consentry.chain.assembly import ChainAssembly
    from consentry.services.consortium import ConsortiumPorts

MEMBER_KEY = "Keystore of a member that has a seat (secret `account`)."
CHAMBERS = {
    "institutions": Chamber.Institutions,
    "ethics-board": Chamber.EthicsBoard,
    "patients-council": Chamber.PatientsCouncil,
}
REGISTRY_STATES = {"active": 1, "closed": 2, "distrusted": 3}
MAX_COMMITTEE_BYTES = 100_000
_UINT8, _UINT32 = click.IntRange(0, 2**8 - 1), click.IntRange(0, 2**32 - 1)
_KIND = re.compile(r"[a-z][a-z-]{0,31}")


@click.group(cls=Group)
def propose() -> None:
    """Put a decision to the vote of the members.

    The text of a proposal is what each of its calls does and --reason; the same twice is one proposal.
    """


def proposes(command: Callable[..., Any]) -> Callable[..., Any]:
    """What all of these take."""
    reason = click.option("--reason", required=True, help="Why; public, on chain, for ever.")
    return reason(takes_wallet(help_text=MEMBER_KEY)(takes_chain(pass_settings(command))))


@propose.command(
    example='consentry consortium propose admit 0x… --name "Lakeside Clinic" --kind hospital --chamber institutions '
    '--reason "It treats our patients" --wallet mercy.keystore'
)
@click.argument("address", metavar="ADDRESS")
@click.option("--name", required=True, help="Public name, for ever; patients read it.")
@click.option("--kind", required=True, help="hospital, laboratory, pharmacy, insurer, regulator, …")
@click.option("--chamber", type=click.Choice(list(CHAMBERS)), help="Where it has its seat; default: none.")
@proposes
def admit(
    settings: Settings, address: str, name: str, kind: str, chamber: str | None, reason: str, wallet: str
) -> None:
    """Admit an institution under a public name that nobody ever had."""
    account = address_argument(address, "ADDRESS")
    if not fields.is_name(name):
        raise CommandInvalid("--name must be printable text of at most 100 bytes, and not the word `any`")
    if not _KIND.fullmatch(kind):
        raise CommandInvalid("--kind is a short word in lower case")
    seat = None if chamber is None else CHAMBERS[chamber]
    _put(settings, wallet, reason, lambda assembly: decisions.admit(account, name, kind, seat))


@propose.command(
    example='consentry consortium propose suspend "City Hospital" --reason "…" --wallet mercy.keystore'
)
@click.argument("member", metavar="NAME|ADDRESS")
@proposes
def suspend(settings: Settings, member: str, reason: str, wallet: str) -> None:
    """Take a member's standing, its staff's and its keeper's, until it is reinstated."""
    _put(settings, wallet, reason, lambda assembly: decisions.suspend(_member(member, assembly)))


@propose.command(
    example='consentry consortium propose reinstate "City Hospital" --reason "…" --wallet mercy.keystore'
)
@click.argument("member", metavar="NAME|ADDRESS")
@proposes
def reinstate(settings: Settings, member: str, reason: str, wallet: str) -> None:
    """Give a suspended member its standing back."""
    _put(settings, wallet, reason, lambda assembly: decisions.reinstate(_member(member, assembly)))


@propose.command(
    example='consentry consortium propose expel "City Hospital" --reason "…" --wallet mercy.keystore'
)
@click.argument("member", metavar="NAME|ADDRESS")
@proposes
def expel(settings: Settings, member: str, reason: str, wallet: str) -> None:
    """Take a member's standing and its seat for ever."""

    def decide(assembly: ChainAssembly) -> Decision:
        found = _member(member, assembly)
        return decisions.expel(found, assembly.chamber_of(found))

    _put(settings, wallet, reason, decide)


@propose.command(
    "replace-key",
    example='consentry consortium propose replace-key "City Hospital" --to 0x… --reason "…" --wallet mercy.keystore',
)
@click.argument("member", metavar="NAME|ADDRESS")
@click.option(
    "--to", "key", metavar="ADDRESS", required=True, help="The new key's account, told by the member itself."
)
@proposes
def replace_key(settings: Settings, member: str, key: str, reason: str, wallet: str) -> None:
    """Let another account act for a member whose key is lost or stolen; the old one acts no more."""
    account = address_argument(key, "--to")
    _put(settings, wallet, reason, lambda assembly: decisions.replace_key(_member(member, assembly), account))


@propose.command(
    example="consentry consortium propose ceiling nurse --most R --own-department --reason … --wallet mercy.keystore"
)
@click.argument("role", type=click.Choice([str(one) for one in Role]), metavar="ROLE")
@click.option("--most", type=click.Choice(["nothing", *(str(one) for one in Confidentiality)]), required=True)
@click.option("--own-department", is_flag=True, help="Records of its own department only.")
@click.option("--current-episode", is_flag=True, help="Patients in its department's current episode only.")
@proposes
def ceiling(
    settings: Settings,
    role: str,
    most: str,
    own_department: bool,  # noqa: FBT001 - click's form
    current_episode: bool,  # noqa: FBT001 - click's form
    reason: str,
    wallet: str,
) -> None:
    """What a role sees at most, whatever a consent says."""
    level = None if most == "nothing" else Confidentiality(most)
    decision = decisions.set_ceiling(
        role, level, own_department_only=own_department, current_episode_only=current_episode
    )
    _put(settings, wallet, reason, lambda assembly: decision)


@propose.command(
    example="consentry consortium propose registry 0x… --kind ConsentRegistry --status closed --reason … --wallet mercy.keystore"
)
@click.argument("address", metavar="ADDRESS")
@click.option("--kind", required=True, help="The contract's name.")
@click.option("--status", type=click.Choice(list(REGISTRY_STATES)), required=True)
@proposes
def registry(settings: Settings, address: str, kind: str, status: str, reason: str, wallet: str) -> None:
    """List a contract, close it, or distrust it."""
    decision = decisions.set_registry(address_argument(address, "ADDRESS"), kind, REGISTRY_STATES[status])
    _put(settings, wallet, reason, lambda assembly: decision)


@propose.command(
    example="consentry consortium propose committee committee.json --reason … --wallet mercy.keystore\n"
    "consentry keeper list --json > committee.json     (what there is, to be edited)"
)
@click.argument("file", metavar="FILE")
@proposes
def committee(settings: Settings, file: str, reason: str, wallet: str) -> None:
    """A new committee of keepers, from a file shaped as `keeper list --json` prints it."""
    keepers, threshold = parse_committee(read_text(Path(file), MAX_COMMITTEE_BYTES))
    _put(settings, wallet, reason, lambda assembly: decisions.publish_committee(keepers, threshold))


@propose.command(
    example="consentry consortium propose limits --longest 14400 --open 3 --review-within 259200 --overdue 2 "
    "--reason … --wallet mercy.keystore"
)
@click.option("--longest", type=_UINT32, required=True, metavar="SECONDS", help="The longest opening.")
@click.option("--open", "most_open", type=_UINT8, required=True, help="Openings of a member at once.")
@click.option(
    "--review-within", type=_UINT32, required=True, metavar="SECONDS", help="After the opening's end."
)
@click.option(
    "--overdue", type=_UINT8, required=True, help="Overdue reviews with which a member still opens."
)
@proposes
def limits(
    settings: Settings,
    longest: int,
    most_open: int,
    review_within: int,
    overdue: int,
    reason: str,
    wallet: str,
) -> None:
    """Bounds of emergency openings."""
    decision = decisions.set_opening_limits(longest, most_open, review_within, overdue)
    _put(settings, wallet, reason, lambda assembly: decision)


def ports_of(settings: Settings, wallet: str, seconds: float = 30.0) -> ConsortiumPorts:
    """The assembly on the caller's own node, and the wallet that sends."""
    from consentry.chain.assembly import ChainAssembly
    from consentry.chain.ledger import ChainLedger
    from consentry.chain.sender import ChainSender
    from consentry.services.consortium import ConsortiumPorts

    connection = settings.connection()
    sender = ChainSender(connection, wallet_of(wallet).private_key)
    return ConsortiumPorts(ChainAssembly(ChainLedger(connection)), sender, seconds, settings.output.note)


def _put(settings: Settings, wallet: str, reason: str, decide: Callable[[Any], Decision]) -> None:
    from consentry.services import consortium as service

    if not reason.strip():
        raise CommandInvalid("--reason is 1 to 500 printable characters")
    ports = ports_of(settings, wallet)
    decision = decide(ports.assembly)
    made = service.propose(decision, reason, ports)
    named = service.id_text(made.proposal_id)
    does = decisions.sentences(decision.acts, ports.assembly.names())
    value = {
        "proposal": named,
        "does": does,
        "transaction": None if made.receipt is None else fields.to_hex(made.receipt.hash),
    }

    def tell() -> None:
        settings.output.say("Proposed:" if made.receipt else "Proposed before:")
        for words in does:
            settings.output.say(f"  {words}")
        settings.output.say(f"Members vote with: consentry consortium vote {named[:18]} for --wallet FILE")

    settings.output.result(value, tell)


def _member(text: str, assembly: ChainAssembly) -> Address:
    if text.startswith("0x"):
        return address_argument(text, "ADDRESS")
    found = next((address for address, name in assembly.names().items() if name == text), None)
    if found is None:
        raise NotFound("no member has this name")
    return Address(found)

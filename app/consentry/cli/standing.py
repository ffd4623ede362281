"""`consentry member`: what one member does at once, without a vote: hand its key over, stop another one fast, confirm that."""

from __future__ import annotations

from typing import Any

import click

from consentry.cli.administration import transact
from consentry.cli.command import Command, takes_chain, takes_wallet
from consentry.cli.problems import CommandInvalid
from consentry.cli.reached import found_member, ledger_of
from consentry.cli.settings import Settings, pass_settings, wallet_of
from consentry.domain import times

HOUR = 3_600
LONGEST_HOURS = 72
"""As the contract FastSuspension has it."""


@click.command(
    "rotate-key",
    cls=Command,
    example="consentry member rotate-key --new mercy-new.keystore --wallet gateway.keystore",
)
@click.option(
    "--new",
    "new_file",
    metavar="FILE",
    required=True,
    help="Keystore of the new key (secret `account`), as `consentry wallet new` makes one. It is opened first, so that nobody "
    "hands a member to a key that is not there.",
)
@takes_wallet(help_text="Keystore with the key that acts for the member now (secret `account`).")
@takes_chain
@pass_settings
def rotate_key(settings: Settings, new_file: str, wallet: str) -> None:
    """Hand a member over to another key, at once.

    The old key acts no more from that block on, for any contract; the member keeps its address, name, seat and records. Needs no
    vote: whoever holds the key in force may. Then stop the gateway, put the new key into its keystore, start it, and make a
    back-up. A key that is lost, or that a thief has rotated, is replaced by vote: `consentry member replace-key`.
    """
    new = wallet_of(new_file).address
    if new == wallet_of(wallet).address:
        raise CommandInvalid("--new holds the same key as --wallet")
    transact(
        settings, wallet, "rotateKey", new, said=f"{new} acts for this member from now on", more={"key": new}
    )


@click.command(
    "suspend-fast",
    cls=Command,
    example='consentry member suspend-fast "City Hospital" --hours 72 --wallet regulator.keystore',
)
@click.argument("member", metavar="NAME|ADDRESS")
@click.option(
    "--hours",
    type=click.IntRange(1, LONGEST_HOURS),
    default=LONGEST_HOURS,
    show_default=True,
    help="How long at most.",
)
@takes_wallet(help_text="Keystore of the regulator (secret `account`).")
@takes_chain
@pass_settings
def suspend_fast(settings: Settings, member: str, hours: int, wallet: str) -> None:
    """The regulator stops a member at once.

    From that block its staff read nothing, its keeper gives nothing, and no record that it wrote is released, to nobody, its
    patients included: call its wards first. It lapses by itself, unless more than half of the seats of one chamber other than the
    regulator's confirm it in time (`consentry member confirm-suspension`); then it lasts until a vote. Not again within 30 days,
    and two members at most.
    """
    ledger = ledger_of(settings)
    found = found_member(member, ledger)
    until = ledger.head().timestamp + hours * HOUR
    said = f"{found.name} is suspended until {times.iso(until)}, unless a chamber confirms"
    more = {"member": found.address, "suspendedUntil": times.iso(until)}
    transact(
        settings, wallet, "suspend", found.address, until, said=said, contract="FastSuspension", more=more
    )
    settings.output.note(
        f'Members confirm with: consentry member confirm-suspension "{found.name}" --wallet FILE'
    )


@click.command(
    "confirm-suspension",
    cls=Command,
    example='consentry member confirm-suspension "City Hospital" --wallet council.keystore',
)
@click.argument("member", metavar="NAME|ADDRESS")
@takes_wallet(help_text="Keystore of a member that has a seat (secret `account`).")
@takes_chain
@pass_settings
def confirm_suspension(settings: Settings, member: str, wallet: str) -> None:
    """Confirm a fast suspension while it runs.

    By members of one chamber other than the regulator's, each once; it lasts as one by vote when more than half of that chamber's
    seats have confirmed, the accused member's own not counted. Nothing takes a confirmation back but a vote to reinstate.
    """
    ledger = ledger_of(settings)
    found = found_member(member, ledger)

    def lasts() -> dict[str, Any]:
        _, _, until, confirmed = ledger.ask(
            ledger.call("FastSuspension", "suspensionOf", found.address, read=tuple)
        )
        return {
            "member": found.address,
            "confirmed": bool(confirmed),
            "suspendedUntil": None if confirmed else times.iso(until),
        }

    said = f"This member confirms the suspension of {found.name}"
    transact(settings, wallet, "confirm", found.address, said=said, contract="FastSuspension", more=lasts)

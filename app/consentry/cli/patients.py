"""`consentry patient`: at the desk, a member's patient number and a DID become one person."""

from __future__ import annotations

import sys
import time
from typing import Any

import click

from consentry.cli.command import Group, takes_client_key, takes_gateway, takes_staff, takes_wallet
from consentry.cli.network_values import network_of
from consentry.cli.problems import CommandInvalid, GatewayMisbehaved
from consentry.cli.refs import opaque
from consentry.cli.settings import Settings, pass_settings, wallet_of
from consentry.cli.sign_in import desk
from consentry.cli.terms_options import moment
from consentry.domain import fields, times
from consentry.domain.addresses import did
from consentry.wallets.checks import LinkAsked, check_link_text

MAX_NUMBER = 128


@click.group(cls=Group)
def patient() -> None:
    """Patient numbers and wallets that are one person.

    The member's own note, made at the desk.
    """


@patient.command(
    example="consentry patient link --mrn 4711 --wallet alice.keystore --client-key-file his.key\n"
    'read -r number && printf %s "$number" | consentry patient link --mrn - --wallet alice.keystore'
)
@click.option("--mrn", required=True, help="The member's patient number; - reads it from standard input.")
@takes_wallet(help_text="The patient's key file.")
@takes_staff()
@takes_gateway
@takes_client_key
@pass_settings
def link(settings: Settings, mrn: str, wallet: str, staff: str | None) -> None:
    """Link a patient number to a wallet.

    The wallet signs the desk's challenge. Prints the reference to use from now on; linking again prints the same one.
    """
    number = _number(mrn)
    holder = wallet_of(wallet)
    with desk(settings, staff) as (client, known):
        network = known or network_of(client)
        told = client.post("/api/patients/links", {"mrn": number})
        challenge, ref = told.get("challenge"), told.get("ref")
        if not isinstance(challenge, str) or not isinstance(ref, str):
            raise GatewayMisbehaved("it makes no challenge")
        path = f"/api/patients/links/{opaque(ref, 'ref')}"
        check_link_text(challenge, LinkAsked(network.member_name, ref, network.chain_id), settings.now())
        for line in challenge.splitlines():
            settings.output.note(line)
        identifier = did(holder.address, network.chain_id)
        signature = fields.to_hex(holder.sign_text(challenge))
        ref = _ref(client.post(path, {"did": identifier, "signature": signature}))
    value = {"ref": ref, "did": identifier}
    settings.output.result(
        value, lambda: settings.output.say(f"Linked. Reference at this gateway: {ref} ({identifier})")
    )


@patient.command(
    example='read -r number && printf %s "$number" | consentry patient show --mrn - --client-key-file his.key'
)
@click.option("--mrn", required=True, help="The member's patient number; - reads it from standard input.")
@takes_staff()
@takes_gateway
@takes_client_key
@pass_settings
def show(settings: Settings, mrn: str, staff: str | None) -> None:
    """The reference and DID of a number that is linked."""
    number = _number(mrn)
    with desk(settings, staff) as (client, _network):
        found = client.post("/api/patients/find", {"mrn": number})
    value = {"ref": _ref(found), "did": str(found.get("did"))}
    settings.output.result(
        value, lambda: settings.output.say(f"Reference at this gateway: {value['ref']} ({value['did']})")
    )


@patient.command(example="consentry patient unlink p-7Q2M --client-key-file his.key")
@click.argument("ref", metavar="REF")
@takes_gateway
@takes_client_key
@pass_settings
def unlink(settings: Settings, ref: str) -> None:
    """Forget a link. Records stay what they are; consents stay the patient's."""
    path = f"/api/patients/links/{opaque(ref, 'REF')}"
    with desk(settings, None) as (client, _network):
        client.delete(path)
    settings.output.result({"ref": ref, "linked": False}, lambda: settings.output.say(f"{ref} is unlinked."))


@patient.command(
    example="consentry patient episode p-7Q2M --department endocrinology --until 2027-03-01T12:00:00Z --client-key-file his.key"
)
@click.argument("ref", metavar="REF")
@click.option("--department", required=True, help="As staff are enrolled with it.")
@click.option(
    "--until", metavar="TIME", help="When it ends, at most 31 days ahead: 2027-03-01 or 2027-03-01T12:00:00Z."
)
@click.option("--ended", is_flag=True, help="It has ended.")
@takes_gateway
@takes_client_key
@pass_settings
def episode(settings: Settings, ref: str, department: str, until: str | None, ended: bool) -> None:  # noqa: FBT001 - an option
    """Note that a linked person is in a department's care.

    Roles that read in a current episode only, such as interns, read while it lasts.
    """
    from consentry.services.episodes import NOTED_SECONDS

    if (until is None) != ended:
        raise CommandInvalid("give either --until TIME or --ended")
    if until is not None:
        until = moment(until, "--until")
        if not 0 < times.seconds(until, "--until") - time.time() <= NOTED_SECONDS:
            raise CommandInvalid(f"--until must be within the next {NOTED_SECONDS // 86_400} days")
    path = f"/api/patients/links/{opaque(ref, 'REF')}/episodes"
    with desk(settings, None) as (client, _network):
        if ended:
            client.delete(path, {"department": department})
        else:
            client.put(path, {"department": department, "until": until})
    words = "has ended" if ended else f"lasts until {until}"
    settings.output.result(
        {"ref": ref, "department": department, "until": until},
        lambda: settings.output.say(f"The episode of {ref} in {department} {words}."),
    )


def _number(mrn: str) -> str:
    """Raises CommandInvalid."""
    number = sys.stdin.readline(MAX_NUMBER + 2).strip() if mrn == "-" else mrn.strip()
    if not 0 < len(number) <= MAX_NUMBER or not number.isprintable():
        raise CommandInvalid(f"the patient number must be 1 to {MAX_NUMBER} printable characters")
    return number


def _ref(told: dict[str, Any]) -> str:
    ref = told.get("ref")
    if not isinstance(ref, str):
        raise GatewayMisbehaved("it gives no reference")
    return opaque(ref, "ref")

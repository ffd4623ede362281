"""`consentry emergency`: open a patient's emergency summary by two signatures, close it, review it, list what waits."""

from __future__ import annotations

from typing import Any

import click

from consentry.cli.client import GatewayClient
from consentry.cli.command import (
    Group,
    takes_client_key,
    takes_gateway,
    takes_patient_did,
    takes_staff,
    takes_wallet,
)
from consentry.cli.consent_values import listed
from consentry.cli.emergency_words import (
    SAY_OPEN,
    tell_closed,
    tell_list,
    tell_notices,
    tell_opened,
    tell_reviewed,
    tell_summary,
)
from consentry.cli.problems import CommandInvalid, GatewayMisbehaved
from consentry.cli.refs import opaque, opening_id
from consentry.cli.settings import Settings, pass_settings, wallet_of
from consentry.cli.sign_in import SignedIn, desk, signed_in
from consentry.domain import fields, openings
from consentry.domain.addresses import address_of_did
from consentry.domain.openings import Finding
from consentry.errors import TransactionReverted
from consentry.wallets.emergency import (
    OpeningAsked,
    Place,
    closing_typed_data,
    opening_typed_data,
    review_typed_data,
)

PATH = "/api/emergency/openings"
SUMMARY = "/api/emergency/summary"
_MINUTES = click.IntRange(1, openings.LONGEST_SECONDS // 60)


@click.group(cls=Group)
def emergency() -> None:
    """Breaking the glass: two people open, a third one reviews.

    Two people of one member open the emergency summary of somebody who cannot consent now (allergies, medication, problems,
    devices, directives, contacts), for minutes or hours. Who opened stands on chain for ever, and the patient is told.
    """


@emergency.command(
    "open",
    example="consentry emergency open --patient p-7Q2M --as dr_duarte.keystore --with nurse_okoye.keystore\n"
    "consentry emergency open --patient did:ethr:0x539:0x… --minutes 30 --as one.keystore --with two.keystore",
)
@click.option("--patient", metavar="REF|DID", required=True, help="Reference at this gateway, or the DID.")
@click.option("--as", "first", metavar="FILE", required=True, help="Key file of the first of the two.")
@click.option("--with", "second", metavar="FILE", required=True, help="Key file of the second of the two.")
@click.option("--minutes", type=_MINUTES, default=60, show_default=True, help="How long it is open.")
@click.option("--again", is_flag=True, help="Open another one, though these two have one that still runs.")
@takes_gateway
@pass_settings
def open_(settings: Settings, patient: str, first: str, second: str, minutes: int, again: bool) -> None:  # noqa: FBT001 - click's form
    """Open a patient's emergency summary: both sign here, the gateway pays.

    What these two have open already is named instead of opened twice. Read it with `consentry read --opening ID`, close
    it when done, and have a third person review it in time.
    """
    named = patient if patient.startswith("did:") else opaque(patient, "--patient")
    with signed_in(settings, first, as_staff=True) as session:
        wallets = (session.wallet, wallet_of(second))
        if wallets[0].address == wallets[1].address:
            raise CommandInvalid("--with: the second must be another person than the first, --as")
        pair = {name: wallet.address for name, wallet in zip(("first", "second"), wallets, strict=True)}
        asking = {"patient": named, "seconds": minutes * 60, "again": again} | pair
        told = session.client.post(f"{PATH}/proposals", asking)
        subject = address_of_did(named, session.network.chain_id) if named.startswith("did:") else None
        asked = OpeningAsked(
            subject, session.network.member_name, wallets[0].address, wallets[1].address, minutes * 60
        )
        identifier, typed = opening_typed_data(told, asked, _place(session), settings.now())
        settings.output.note(f"Both sign: {openings.STATEMENT} Until {typed['message']['openUntil']}.")
        signatures = [fields.to_hex(wallet.sign_typed(typed)) for wallet in wallets]
        body = {"opening": told["opening"], "firstSignature": signatures[0], "secondSignature": signatures[1]}
        relayed = _relay(session, PATH, body)
    if relayed.get("id") != fields.to_hex(identifier):
        raise GatewayMisbehaved("it relayed another opening than the one that was signed")
    settings.output.result(relayed, lambda: tell_opened(settings.output, relayed, first))


@emergency.command(example="consentry emergency close 0x5be1… --as nurse_okoye.keystore")
@click.argument("opening", metavar="ID")
@click.option("--as", "staff", metavar="FILE", required=True, help="Key file of one of the member's people.")
@takes_gateway
@pass_settings
def close(settings: Settings, opening: str, staff: str) -> None:
    """Close an opening before its time: nothing more is released under it."""
    identifier = opening_id(opening)
    with signed_in(settings, staff, as_staff=True) as session:
        path = f"{PATH}/{identifier}/closing"
        theirs = session.client.get(path).get("typedData")
        raw = fields.hex_bytes(identifier, "ID")
        typed = closing_typed_data(theirs, raw, session.wallet.address, _place(session))
        relayed = _sign_and_relay(session, path, typed, identifier, "OpeningAlreadyClosed")
    settings.output.result(relayed, lambda: tell_closed(settings.output, relayed))


@emergency.command(
    example="consentry emergency review 0x5be1… --as dr_lindqvist.keystore --finding justified"
)
@click.argument("opening", metavar="ID")
@click.option("--as", "staff", metavar="FILE", required=True, help="Key file of a third person.")
@click.option(
    "--finding",
    type=click.Choice([one.word for one in Finding]),
    required=True,
    help="What the review found; it stands on chain for everybody.",
)
@takes_gateway
@pass_settings
def review(settings: Settings, opening: str, staff: str, finding: str) -> None:
    """Judge an opening that was closed or ran out, as somebody who did not open it.

    Each one needs a review in time; a member that leaves too many undone opens no more.
    """
    identifier, found = opening_id(opening), Finding[finding.capitalize()]
    with signed_in(settings, staff, as_staff=True) as session:
        path = f"{PATH}/{identifier}/review/{finding}"
        theirs = session.client.get(path).get("typedData")
        raw = fields.hex_bytes(identifier, "ID")
        typed = review_typed_data(theirs, raw, found, session.wallet.address, _place(session))
        relayed = _sign_and_relay(session, path, typed, identifier, None)
    settings.output.result(relayed, lambda: tell_reviewed(settings.output, relayed, finding))


@emergency.command(
    "list",
    example="consentry emergency list --as dr_lindqvist.keystore\n"
    "consentry emergency list --client-key-file his.key --json",
)
@takes_gateway
@takes_client_key
@takes_staff()
@pass_settings
def list_(settings: Settings, staff: str | None) -> None:
    """The member's openings that wait for a review, as the chain counts them; overdue ones first."""
    with desk(settings, staff) as (client, _network):
        told = _listed(client)
    settings.output.result({"openings": told}, lambda: tell_list(settings.output, told))


@emergency.command(
    example="consentry emergency notices --wallet alice.keystore\n"
    "consentry emergency notices --wallet alice.keystore --seen"
)
@takes_wallet()
@click.option("--seen", is_flag=True, help="Say that you have seen them: signing in reminds you no more.")
@takes_patient_did
@takes_gateway
@pass_settings
def notices(settings: Settings, wallet: str, seen: bool) -> None:  # noqa: FBT001 - click's form
    """For patients: who opened your emergency summary at this hospital, and what the review found.

    `consentry receipts` shows what was read under an opening, whichever hospital opened it.
    """
    with signed_in(settings, wallet) as session:
        found = _notices(session)
        unseen = [one for one in found if one.get("seenAt") is None] if seen else []
        for one in unseen:
            path = f"/api/notifications/{opening_id(str(one.get('id')))}/seen"
            session.client.exchange("POST", path, None)
        if unseen:
            found = _notices(session)
    settings.output.result({"notifications": found}, lambda: tell_notices(settings.output, found))


@emergency.command(
    example="consentry emergency summary --wallet alice.keystore\n"
    "consentry emergency summary --wallet alice.keystore --with-sensitive"
)
@takes_wallet()
@click.option(
    "--with-sensitive/--without-sensitive",
    "sensitive",
    default=None,
    help="Whether sensitive and restricted records go into it.",
)
@takes_patient_did
@takes_gateway
@pass_settings
def summary(settings: Settings, wallet: str, sensitive: bool | None) -> None:  # noqa: FBT001 - click's form
    """For patients: what goes into the emergency summary that this hospital writes about you.

    Without your word nothing of psychiatry, addiction, HIV, sexual health, violence or genetics, and nothing restricted.
    """
    with signed_in(settings, wallet) as session:
        asked = {"sensitive": sensitive}
        told = session.client.get(SUMMARY) if sensitive is None else session.client.put(SUMMARY, asked)
        name = session.network.member_name
    settings.output.result(told, lambda: tell_summary(settings.output, told, name))


def _listed(client: GatewayClient) -> list[dict[str, Any]]:
    return [one for one in listed(client.get(PATH).get("openings")) if isinstance(one, dict)]


def _place(session: SignedIn) -> Place:
    return Place(session.network.chain_id, session.network.emergency_access)


def _sign_and_relay(
    session: SignedIn, path: str, typed: dict[str, Any], identifier: str, done: str | None
) -> dict[str, Any]:
    """`done`: the contract's word that there is nothing left to do."""
    body = {"signature": fields.to_hex(session.wallet.sign_typed(typed))}
    try:
        return _relay(session, path, body)
    except TransactionReverted as refused:
        if _name(refused) == done:
            return {"id": identifier, "transaction": None}
        raise


def _relay(session: SignedIn, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Raises TransactionReverted with what to do next."""
    try:
        return session.client.post(path, body)
    except TransactionReverted as refused:
        if step := SAY_OPEN.get(_name(refused)):
            refused.next_step = step  # type: ignore[misc]
        raise


def _name(refused: TransactionReverted) -> str:
    return refused.diagnostics.partition("(")[0]


def _notices(session: SignedIn) -> list[dict[str, Any]]:
    told = listed(session.client.get("/api/notifications").get("notifications"))
    return [one for one in told if isinstance(one, dict)]

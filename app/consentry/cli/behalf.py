"""`consentry consent behalf`: consents that a representative grants and revokes by a mandate (specification W-112)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from consentry.cli.client import GatewayClient
from consentry.cli.command import Group, takes_gateway, takes_wallet
from consentry.cli.consent_values import listed, proposed_in_own_words, read_out, tell_list, tell_relayed
from consentry.cli.files import read_json
from consentry.cli.problems import CommandInvalid, NotFound
from consentry.cli.refs import consent_id
from consentry.cli.settings import Settings, pass_settings
from consentry.cli.sign_in import SignedIn, signed_in
from consentry.cli.terms_options import Proposal, TermsOptions, from_options
from consentry.domain import addresses, fields, revocation, terms, times
from consentry.domain.addresses import Address
from consentry.domain.mandates import Mandate
from consentry.domain.terms import Consent, Terms
from consentry.errors import MandateOther, RecipientUnreachable

PATH = "/api/behalf/consents"
KIND = "consentry-mandate"
MAX_BYTES = 65_536
RELAY_SECONDS = 1_800

_takes_mandate = click.option(
    "--mandate", "mandate_file", metavar="FILE", required=True, help="The file that the patient gave you."
)


@click.group(cls=Group)
def behalf() -> None:
    """What you allow for somebody else, by a mandate.

    It stays within the mandate, and ends with it. The patient sees it, with your account.
    """


@behalf.command(
    example='consentry consent behalf grant --mandate mandate.json --to "City Hospital" --purpose TREAT '
    "--category laboratory --role attending --until 2027-06-30 --wallet carol.keystore"
)
@_takes_mandate
@click.option("--to", "recipient", metavar="NAME", required=True, help="Registered name of the member.")
@click.option("--purpose", multiple=True, help="Repeat it; one that the mandate names.")
@click.option("--category", multiple=True, help="Repeat it; one that the mandate names.")
@click.option("--role", multiple=True, help="Repeat it, or `any`.")
@click.option("--confidentiality", default="N", show_default=True, help="At most N, R or V, or `any`.")
@click.option("--until", "valid_until", metavar="TIME", help="When it ends; not after the mandate.")
@takes_wallet()
@takes_gateway
@pass_settings
def grant(
    settings: Settings,
    mandate_file: str,
    recipient: str,
    valid_until: str | None,
    wallet: str,
    **given: Any,
) -> None:
    """Let a member read for the patient, within the mandate. The gateway pays."""
    mandate = _mandate(mandate_file)
    options = TermsOptions(
        purposes=given["purpose"],
        categories=given["category"],
        roles=given["role"],
        confidentiality=given["confidentiality"],
        data_from="any",
        data_until="any",
        authors=(),
        records=(),
        max_uses=0,
    )
    now = settings.now()
    proposal = from_options(options, times.iso(max(now - 60, mandate.valid_from)), valid_until, now)
    with signed_in(settings, wallet) as session:
        _require_own(session, mandate, settings)
        named = _member(session.client, recipient), recipient
        consent = _drafted(mandate, proposal, named, now)
        read_out(settings.output, proposed_in_own_words({"consent": consent.to_json()}))
        network = session.network
        typed = terms.typed_data(consent, network.chain_id, network.consent_registry)
        signature = fields.to_hex(session.wallet.sign_typed(typed))
        body = {"consent": consent.to_json(), "mandate": mandate.to_json(), "signature": signature}
        relayed = session.client.post(PATH, body) | {"status": "active"}
        if consent.terms.recipient != network.member:
            _hand_on(session.client, str(relayed.get("id")), recipient, settings)
    settings.output.result(relayed, lambda: settings.output.say(f"The consent holds: {relayed.get('id')}"))


@behalf.command(
    example="consentry consent behalf revoke 0x5be1…(whole id) --mandate mandate.json --wallet carol.keystore"
)
@click.argument("consent", metavar="ID")
@_takes_mandate
@takes_wallet()
@takes_gateway
@pass_settings
def revoke(settings: Settings, consent: str, mandate_file: str, wallet: str) -> None:
    """Take back what you allowed under the mandate. Keepers hear of it from the chain. ID is the whole one."""
    mandate, whole = _mandate(mandate_file), consent_id(consent)
    with signed_in(settings, wallet) as session:
        _require_own(session, mandate, settings)
        network, known = session.network, fields.hex_bytes(whole, "id")
        typed = revocation.typed_data(mandate.patient, known, network.chain_id, network.consent_registry)
        signature = fields.to_hex(session.wallet.sign_typed(typed))
        body = {"mandate": mandate.to_json(), "signature": signature}
        relayed = session.client.post(f"{PATH}/{whole}/revocation", body)
    settings.output.result(relayed, lambda: tell_relayed(settings.output, "The consent is revoked", relayed))


@behalf.command(example="consentry consent behalf show --wallet carol.keystore")
@takes_wallet()
@takes_gateway
@pass_settings
def show(settings: Settings, wallet: str) -> None:
    """What you allowed for others at this gateway, the newest first."""
    with signed_in(settings, wallet) as session:
        told = session.client.get(PATH)
    settings.output.result(told, lambda: tell_list(settings.output, told))


def _mandate(file: str) -> Mandate:
    """Raises FileUnreadable, FileTooLarge, NotJson, CommandInvalid, TermsInvalid."""
    _, tree = read_json(Path(file), MAX_BYTES)
    if not isinstance(tree, Mapping) or tree.get("kind") != KIND:
        raise CommandInvalid(f"{file} is no mandate: the patient saves one on the page of people")
    return Mandate.from_json(tree.get("mandate"))


def _hand_on(client: GatewayClient, consent_id: str, recipient: str, settings: Settings) -> None:
    """Tell the terms to the recipient's own gateway; where that fails it is said: without them nobody there reads."""
    try:
        client.exchange("POST", f"{PATH}/{consent_id}/handing", None)
    except RecipientUnreachable:
        settings.output.note(
            f"{recipient} could not be told the terms, and reads nothing by them. Take this consent back "
            "(`consentry consent behalf revoke`), and grant one through a gateway of theirs (`--gateway`)."
        )


def _require_own(session: SignedIn, mandate: Mandate, settings: Settings) -> None:
    """Before anything is signed; says for whom. Raises MandateOther."""
    if mandate.representative != session.wallet.address:
        raise MandateOther()
    whom = addresses.did(mandate.patient, session.network.chain_id)
    settings.output.note(
        f"Signing in the name of {whom}, by the mandate until {times.iso(mandate.valid_until)}:"
    )


def _member(client: GatewayClient, name: str) -> Address:
    """What address the gateway says this member has: the contract compares both. Raises NotFound."""
    for one in listed(client.get("/api/members").get("members")):
        if isinstance(one, dict) and one.get("name") == name:
            return fields.address(one.get("address"), "address")
    raise NotFound("no member has this registered name")


def _drafted(mandate: Mandate, proposal: Proposal, recipient: tuple[Address, str], now: int) -> Consent:
    """With a salt of its own. Raises TermsInvalid."""
    address, name = recipient
    salt = fields.to_hex(secrets.token_bytes(32))
    said = Terms.from_json(proposal.terms | {"recipient": address, "recipientName": name, "salt": salt})
    starts, ends = (times.seconds(one, "window") for one in (proposal.valid_from, proposal.valid_until))
    return Consent(mandate.patient, said, starts, ends, min(ends, now + RELAY_SECONDS))

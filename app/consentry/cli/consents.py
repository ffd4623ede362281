"""`consentry consent`: propose, sign, grant, revoke, show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from consentry.cli.behalf import behalf
from consentry.cli.command import (
    Group,
    takes_chain,
    takes_client_key,
    takes_gateway,
    takes_patient_did,
    takes_staff,
    takes_wallet,
)
from consentry.cli.consent_values import (
    find,
    in_own_words,
    listed_in_own_words,
    proposed_in_own_words,
    read_out,
    relay,
    tell_consent,
    tell_list,
    tell_relayed,
    tell_revoked,
)
from consentry.cli.directories import directory_of
from consentry.cli.problems import CommandInvalid
from consentry.cli.refs import consent_id, opaque
from consentry.cli.renewing import renew_after
from consentry.cli.revoking import keepers_told, show_keepers
from consentry.cli.settings import Settings, pass_settings
from consentry.cli.sign_in import desk, signed_in, system
from consentry.cli.terms_options import TermsOptions, from_file, from_options
from consentry.domain import fields
from consentry.domain.categories import Category
from consentry.domain.purposes import Purpose
from consentry.domain.revocation import SignedRevocation
from consentry.domain.roles import Role
from consentry.errors import LayoutInvalid
from consentry.wallets.checks import grant_typed_data, revocation_typed_data


@click.group(cls=Group)
def consent() -> None:
    """What a patient allows.

    Proposed by a member, signed by the patient, revoked at any time.
    """


@consent.command(
    example="consentry consent propose --patient p-7Q2M --purpose TREAT --category laboratory --role attending "
    "--until 2027-06-30\nconsentry consent propose --patient did:ethr:0x539:0x… --terms terms.json"
)
@click.option("--patient", metavar="REF|DID", required=True, help="Reference at this gateway, or the DID.")
@click.option("--terms", "terms_file", metavar="FILE", help="JSON: {terms: {roles, provisions, maxUses}, …}.")
@click.option("--purpose", multiple=True, help=f"Repeat it, or `any`. {', '.join(Purpose)}")
@click.option("--category", multiple=True, help=f"Repeat it, or `any`. {', '.join(Category)}")
@click.option("--role", multiple=True, help=f"Repeat it, or `any`. {', '.join(Role)}")
@click.option("--confidentiality", default="N", show_default=True, help="At most N, R or V, or `any`.")
@click.option("--from", "valid_from", metavar="TIME", help="When it begins to hold; default: now.")
@click.option(
    "--until", "valid_until", metavar="TIME", help="When it ends: 2027-06-30 or 2027-06-30T12:00:00Z."
)
@click.option("--data-from", metavar="TIME", default="any", help="Records dated from here; default: any.")
@click.option("--data-until", metavar="TIME", default="any", help="Records dated before; default: any.")
@click.option("--author", multiple=True, help="Registered name of the writing member; default: any.")
@click.option("--record", multiple=True, help="Record id; default: any.")
@click.option(
    "--max-uses", type=click.IntRange(0, 2**32 - 1), default=0, help="Uses per document; 0: no limit."
)
@takes_gateway
@takes_client_key
@takes_staff()
@pass_settings
def propose(
    settings: Settings,
    patient: str,
    terms_file: str | None,
    valid_from: str | None,
    valid_until: str | None,
    staff: str | None,
    **given: Any,
) -> None:
    """Put terms before a patient. Nothing holds until the patient signs."""
    options = TermsOptions(
        purposes=given["purpose"],
        categories=given["category"],
        roles=given["role"],
        confidentiality=given["confidentiality"],
        data_from=given["data_from"],
        data_until=given["data_until"],
        authors=given["author"],
        records=given["record"],
        max_uses=given["max_uses"],
    )
    if terms_file is None:
        proposal = from_options(options, valid_from, valid_until, settings.now())
    elif options.purposes or options.categories or options.roles:
        raise CommandInvalid("give either --terms FILE or --purpose, --category, --role")
    else:
        proposal = from_file(Path(terms_file), valid_from, valid_until, settings.now())
    body = {
        "patient": patient if patient.startswith("did:") else opaque(patient, "--patient"),
        "terms": proposal.terms,
        "validFrom": proposal.valid_from,
        "validUntil": proposal.valid_until,
    }
    with desk(settings, staff) as (client, _network):
        told = client.post("/api/consents/proposals", body)
    shown = proposed_in_own_words(told)
    settings.output.result(shown, lambda: tell_consent(settings.output, shown))


@consent.command(example="consentry consent sign 0x5be1… --wallet alice.keystore")
@click.argument("consent", metavar="ID")
@takes_wallet()
@takes_patient_did
@takes_gateway
@pass_settings
def sign(settings: Settings, consent: str, wallet: str) -> None:
    """Print the signature of a proposed consent, unsent.

    For whoever hands it over: `consent grant --signature`. ID may be its beginning.
    """
    with signed_in(settings, wallet) as session:
        shown = in_own_words(session, find(session, consent))
        network = session.network
        read_out(settings.output, shown)
        typed = grant_typed_data(shown, session.patient, network.chain_id, network.consent_registry)
        signature = fields.to_hex(session.wallet.sign_typed(typed))
    settings.output.result({"id": shown["id"], "signature": signature}, lambda: click.echo(signature))


@consent.command(
    example="consentry consent grant 0x5be1… --wallet alice.keystore\n"
    "consentry consent grant 0x5be1…(whole id) --signature 0x… --client-key-file his.key"
)
@click.argument("consent", metavar="ID")
@takes_wallet(required=False)
@takes_patient_did
@click.option("--signature", metavar="HEX", help="Made elsewhere, for example by `consent sign`.")
@takes_gateway
@takes_client_key
@pass_settings
def grant(settings: Settings, consent: str, wallet: str | None, signature: str | None) -> None:
    """Let a consent take effect. The gateway pays.

    Sign it here with --wallet (ID may be its beginning), or hand over a --signature (whole ID: the desk lists nobody's).
    """
    if signature is not None:
        given = _signature(signature)
        whole = consent_id(consent)
        with system(settings, "--wallet FILE instead of --signature") as client:
            relayed = relay(client, "grant", whole, given)
    elif wallet is not None:
        with signed_in(settings, wallet) as session:
            shown = in_own_words(session, find(session, consent))
            network = session.network
            read_out(settings.output, shown)
            typed = grant_typed_data(shown, session.patient, network.chain_id, network.consent_registry)
            given = fields.to_hex(session.wallet.sign_typed(typed))
            relayed = relay(session.client, "grant", str(shown["id"]), given)
    else:
        raise CommandInvalid("give --wallet FILE or --signature HEX")
    settings.output.result(relayed, lambda: tell_relayed(settings.output, "The consent holds", relayed))


@consent.command(
    example="consentry consent revoke 0x5be1… --wallet alice.keystore\n"
    "consentry consent revoke 0x5be1… --wallet alice.keystore --keep-directory"
)
@click.argument("consent", metavar="ID")
@takes_wallet()
@click.option(
    "--keep-directory",
    is_flag=True,
    help="Leave the directory as it is; `wallet open-directory --rotate` renews it.",
)
@takes_patient_did
@takes_gateway
@takes_chain
@pass_settings
def revoke(
    settings: Settings,
    consent: str,
    wallet: str,
    keep_directory: bool,  # noqa: FBT001 - click's form
) -> None:
    """Take a consent back: nothing more is released under it. What was read stays read.

    Shown to every keeper first, each of which denies on sight and says so; then the gateway relays it to the chain. Keepers
    bring it there too, if nobody else does. Last your directory is renewed, so that those who could read under the consent
    do not learn of new records. Repeating does what is left to do.
    """
    with signed_in(settings, wallet) as session:
        network = session.network
        shown = in_own_words(session, find(session, consent))
        identifier = fields.hex_bytes(shown["id"], "id")
        theirs = session.client.get(f"/api/consents/{shown['id']}/revocation").get("typedData")
        typed = revocation_typed_data(
            theirs, session.patient, identifier, network.chain_id, network.consent_registry
        )
        settings.output.note("Signing that this is taken back:")
        read_out(settings.output, shown)
        signed = SignedRevocation(session.patient, identifier, session.wallet.sign_typed(typed))
        told = show_keepers(settings, network, signed)
        given = fields.to_hex(signed.signature)
        relayed = relay(session.client, "revocation", str(shown["id"]), given) | keepers_told(told)
        relayed["directory"] = None if keep_directory else renew_after(settings, session, shown, relayed)
    settings.output.result(relayed, lambda: tell_revoked(settings.output, relayed))


@consent.command(
    example="consentry consent show --wallet alice.keystore\nconsentry consent show 0x5be1 --json"
)
@click.argument("consent", metavar="[ID]", required=False)
@takes_wallet()
@takes_patient_did
@takes_gateway
@pass_settings
def show(settings: Settings, consent: str | None, wallet: str) -> None:
    """Your consents at this gateway, or one of them in words. ID may be its beginning.

    The list also says whether a new directory is advised.
    """
    with signed_in(settings, wallet) as session:
        if consent is None:
            told = listed_in_own_words(session, session.client.get("/api/consents"))
            told["rotation"] = directory_of(session).rotation
            settings.output.result(told, lambda: tell_list(settings.output, told))
            return
        shown = in_own_words(session, find(session, consent))
    settings.output.result(shown, lambda: tell_consent(settings.output, shown))


consent.add_command(behalf)


def _signature(text: str) -> str:
    try:
        return fields.to_hex(fields.hex_bytes(text.lower(), "--signature", 65))
    except LayoutInvalid as problem:
        raise CommandInvalid(problem.diagnostics) from None

"""`consentry receipts`: the patient's account, the union over all keepers, each receipt with its proof."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from consentry.cli.account_told import show_file
from consentry.cli.command import Command, takes_chain, takes_gateway, takes_patient_did, takes_wallet
from consentry.cli.files import require_writable, write_private
from consentry.cli.network_values import NetworkInfo, deployment_of
from consentry.cli.problems import CommandInvalid, Degraded, GatewayMisbehaved, SettingMissing
from consentry.cli.receipt_table import mandates_json, mandates_of, note_unasked, tell_noted
from consentry.cli.settings import Settings, pass_settings
from consentry.cli.sign_in import signed_in
from consentry.domain.addresses import did
from consentry.ports.keeper_values import KeeperFailure
from consentry.remote.keepers import HttpKeepers
from consentry.services.account import Account, AskPorts, Shown, account, told_account
from consentry.services.account_file import AccountHeader, account_lines
from consentry.services.reading_session import Reader
from consentry.wallets.account import open_reader

if TYPE_CHECKING:
    from consentry.chain.ledger import ChainLedger

_TYPED = click.core.ParameterSource.COMMANDLINE
KEEPER_SECONDS = 10.0
MAX_PAGES = 10_000
"""Of 200 receipts: a keeper that never stops answering is not listened to for ever."""

SECONDS, MOST_RECEIPTS, MOST_BYTES = 600.0, 1_000_000, 2**30
"""For all keepers: one's own account may be long, and takes one's own memory."""

GATEWAYS_WORD = (
    "Which keepers there are is the gateway's word, and that something is committed is the keepers'. To ask every keeper "
    "there ever was and prove each receipt, give --rpc and --deployment."
)


@click.command(
    cls=Command,
    example="consentry receipts --wallet alice.keystore\n"
    "consentry receipts --wallet alice.keystore --export account.jsonl && consentry verify account.jsonl\n"
    "consentry receipts --import account.jsonl",
)
@takes_wallet(required=False)
@takes_patient_did
@click.option(
    "--export",
    "exported",
    metavar="FILE",
    help="Write the whole account, with all that proves it, to one file (mode 600) for `consentry verify`. Takes the "
    "place of a file of that name: give each export a name of its own, and `consentry verify --earlier` compares them.",
)
@click.option("--import", "imported", metavar="FILE", help="Show an exported account; no keeper is asked.")
@click.option(
    "--out", metavar="FILE", help="Write the receipts as readable JSON with their proofs (mode 600)."
)
@takes_gateway
@takes_chain
@pass_settings
def receipts(
    settings: Settings, wallet: str | None, exported: str | None, imported: str | None, out: str | None
) -> None:
    """Who asked for your records, when and why, as every keeper noted it: releases and refusals."""
    if imported is not None:
        if wallet is not None and click.get_current_context().get_parameter_source("wallet") is _TYPED:
            raise CommandInvalid("--import asks no keeper: it takes no --wallet")
        if exported is not None or out is not None:
            raise CommandInvalid("--import shows a file, and writes none")
        show_file(settings, Path(imported))
        return
    if wallet is None:
        raise SettingMissing("whose account? Give --wallet FILE or CONSENTRY_WALLET, or --import FILE")
    for path in (exported, out):
        if path is not None:
            require_writable(Path(path))
    with signed_in(settings, wallet) as session:
        network, patient = session.network, session.patient
        reader = open_reader(session.wallet, patient, network.member_name, network.chain_id)
        deployment = None if exported is None else deployment_of(settings, session.client)
    with settings.output.working("Asking the keepers"):
        ledger = _ledger(settings, network)
        found = _account(settings, reader, network, ledger)
    incomplete = [_words(failure) for failure in found.failures]
    if not found.receipts and len(found.failures) == found.asked:
        raise Degraded(f"no keeper told its receipts: {'; '.join(incomplete)}")
    for words in incomplete:
        settings.output.note(f"Incomplete: {words}")
    if not settings.has_chain:
        settings.output.note(GATEWAYS_WORD)
        note_unasked((one.receipt for one in found.receipts), settings)
    told_by = "chain" if settings.has_chain else "gateway"
    if exported is not None:
        header = AccountHeader(patient, network.chain_id, told_by, settings.now(), deployment)
        write_private(Path(exported), account_lines(found, header))
        _written(settings, exported, found, incomplete)
        if out is None:
            return
    mandates = mandates_of((one.receipt for one in found.receipts), ledger)
    value = {
        "patient": did(patient, network.chain_id),
        "keepersToldBy": told_by,
        "receipts": [
            {"receipt": one.receipt.to_json(), "evidence": one.evidence.to_json()} for one in found.receipts
        ],
        "incomplete": incomplete,
    } | mandates_json(mandates)
    if out is not None:
        write_private(Path(out), json.dumps(value, indent=2, ensure_ascii=False).encode("utf-8"))
        if exported is None:
            _written(settings, out, found, incomplete)
        return
    noted = ((one.receipt, _is_sure(settings, one)) for one in found.receipts)
    sure = "proven" if settings.has_chain else "committed"
    settings.output.result(value, lambda: tell_noted(settings, noted, sure, mandates or {}))


def _written(settings: Settings, path: str, found: Account, incomplete: list[str]) -> None:
    summary = {"file": path, "receipts": len(found.receipts), "incomplete": incomplete}
    words = f"{len(found.receipts)} receipts written to {path}; `consentry verify {path}` checks them."
    settings.output.result(summary, lambda: settings.output.say(words))


def _is_sure(settings: Settings, one: Shown) -> bool:
    return one.proven if settings.has_chain else one.evidence.commit is not None


def _ledger(settings: Settings, network: NetworkInfo) -> ChainLedger | None:
    """None where no chain can be asked. Raises GatewayMisbehaved."""
    if not settings.has_chain:
        return None

    from consentry.chain.ledger import ChainLedger

    ledger = ChainLedger(settings.connection())
    if ledger.chain_id != network.chain_id:
        raise GatewayMisbehaved("it serves another chain than the deployment file names")
    return ledger


def _account(settings: Settings, reader: Reader, network: NetworkInfo, ledger: ChainLedger | None) -> Account:
    """From every keeper that the chain ever named, if it can be asked; else from those that the gateway tells of."""
    keepers = HttpKeepers(timeout_seconds=KEEPER_SECONDS)
    ports = AskPorts(
        keepers,
        settings,
        most_pages=MAX_PAGES,
        seconds=SECONDS,
        most_receipts=MOST_RECEIPTS,
        most_bytes=MOST_BYTES,
    )
    try:
        if ledger is None:
            return told_account(reader, network.chain_id, network.committee.keepers, ports)
        return account(reader, ledger, ports)
    finally:
        keepers.close()


def _words(failure: KeeperFailure) -> str:
    return f"keeper in seat {failure.seat} ({failure.host}): {failure.code}: {failure.detail}"

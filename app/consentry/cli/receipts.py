"""`consentry receipts`: the patient's account, the union over all keepers, each receipt with its proof."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from consentry.cli.command import Command, takes_chain, takes_gateway, takes_patient_did, takes_wallet
from consentry.cli.files import require_writable, write_private
from consentry.cli.network_values import NetworkInfo
from consentry.cli.problems import Degraded, GatewayMisbehaved
from consentry.cli.settings import Settings, pass_settings
from consentry.cli.sign_in import signed_in
from consentry.domain import times
from consentry.domain.addresses import did
from consentry.ports.keeper_values import KeeperFailure
from consentry.remote.keepers import HttpKeepers
from consentry.services.account import Account, AskPorts, Shown, account, told_account
from consentry.services.reading_session import Reader
from consentry.wallets.account import open_reader

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
    example="consentry receipts --wallet alice.keystore --out account.json\nconsentry verify account.json",
)
@takes_wallet()
@takes_patient_did
@click.option("--out", metavar="FILE", help="Write all receipts with their proofs to this file (mode 600).")
@takes_gateway
@takes_chain
@pass_settings
def receipts(settings: Settings, wallet: str, out: str | None) -> None:
    """Who asked for your records, when and why, as every keeper noted it: releases and refusals."""
    if out is not None:
        require_writable(Path(out))
    with signed_in(settings, wallet) as session:
        network, patient = session.network, session.patient
        reader = open_reader(session.wallet, patient, network.member_name, network.chain_id)
    with settings.output.working("Asking the keepers"):
        found = _account(settings, reader, network)
    incomplete = [_words(failure) for failure in found.failures]
    if not found.receipts and len(found.failures) == found.asked:
        raise Degraded(f"no keeper told its receipts: {'; '.join(incomplete)}")
    for words in incomplete:
        settings.output.note(f"Incomplete: {words}")
    if not settings.has_chain:
        settings.output.note(GATEWAYS_WORD)
    value = {
        "patient": did(patient, network.chain_id),
        "keepersToldBy": "chain" if settings.has_chain else "gateway",
        "receipts": [
            {"receipt": one.receipt.to_json(), "evidence": one.evidence.to_json()} for one in found.receipts
        ],
        "incomplete": incomplete,
    }
    if out is not None:
        write_private(Path(out), json.dumps(value, indent=2, ensure_ascii=False).encode("utf-8"))
        summary = {"file": out, "receipts": len(found.receipts), "incomplete": incomplete}
        words_out = f"{len(found.receipts)} receipts written to {out}; `consentry verify {out}` checks them."
        settings.output.result(summary, lambda: settings.output.say(words_out))
        return
    settings.output.result(value, lambda: _tell(settings, found))


def _account(settings: Settings, reader: Reader, network: NetworkInfo) -> Account:
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
        if not settings.has_chain:
            return told_account(reader, network.chain_id, network.committee.keepers, ports)

        from consentry.chain.ledger import ChainLedger

        ledger = ChainLedger(settings.connection())
        if ledger.chain_id != network.chain_id:
            raise GatewayMisbehaved("it serves another chain than the deployment file names")
        return account(reader, ledger, ports)
    finally:
        keepers.close()


def _words(failure: KeeperFailure) -> str:
    return f"keeper in seat {failure.seat} ({failure.host}): {failure.code}: {failure.detail}"


def _tell(settings: Settings, found: Account) -> None:
    """One line for each thing asked for: keepers that noted the same request and item are counted together."""
    lines: dict[tuple[Any, ...], list[Shown]] = {}
    for one in found.receipts:
        key = (one.receipt.request_digest, one.receipt.item, one.receipt.decision)
        lines.setdefault(key, []).append(one)
    rows = []
    for noted in sorted(lines.values(), key=lambda group: group[0].receipt.time):
        first = noted[0].receipt
        sure = sum(one.proven if settings.has_chain else one.evidence.commit is not None for one in noted)
        reader = first.practitioner or first.actor
        what = f"{first.category} ({'record' if first.item.record_id is not None else 'list'})"
        what += ", in a current episode" if first.episode is not None else ""
        rows.append(
            (times.iso(first.time), first.decision, what, first.purpose, reader, f"{len(noted)}", f"{sure}")
        )
    last = "proven" if settings.has_chain else "committed"
    settings.output.table(("time", "decision", "what", "purpose", "who", "keepers", last), rows)
    settings.output.say(
        f"{len(found.receipts)} receipts. One keeper alone shows a possible access; --out FILE keeps the proofs."
    )

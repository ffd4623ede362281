"""`consentry receipts`: the patient's account, the union over all keepers, each receipt with its proof."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from consentry.cli.command import Command, takes_gateway, takes_patient_did, takes_wallet
from consentry.cli.files import require_writable, write_private
from consentry.cli.network_values import NetworkInfo
from consentry.cli.problems import Degraded
from consentry.cli.settings import Settings, pass_settings
from consentry.cli.sign_in import signed_in
from consentry.domain import times
from consentry.domain.addresses import Address, did
from consentry.domain.ledger import KeeperInfo
from consentry.domain.receipts import Receipt
from consentry.errors import ConsentryError, KeeperMisbehaved, RateLimited
from consentry.remote.keepers import HttpKeepers
from consentry.services.receipts import ReceiptsPage
from consentry.services.verify import Evidence
from consentry.wallets.account import ReceiptsSession

KEEPER_SECONDS = 10.0
PATIENCE = 5
MAX_PAGES = 10_000
"""Of 200 receipts: a keeper that never stops answering is not listened to for ever."""


@dataclass(frozen=True)
class Account:
    """Receipts with their evidence, by keeper's seat; `failures` are the keepers that didn't tell."""

    evidence: tuple[Evidence, ...]
    failures: tuple[str, ...]


@click.command(
    cls=Command,
    example="consentry receipts --wallet alice.keystore --out account.json\nconsentry verify account.json",
)
@takes_wallet()
@takes_patient_did
@click.option("--out", metavar="FILE", help="Write all receipts with their proofs to this file (mode 600).")
@takes_gateway
@pass_settings
def receipts(settings: Settings, wallet: str, out: str | None) -> None:
    """Who asked for your records, when and why, as every keeper noted it: releases and refusals."""
    if out is not None:
        require_writable(Path(out))
    with signed_in(settings, wallet) as session:
        network, patient = session.network, session.patient
        asking = ReceiptsSession.open(session.wallet, patient, network.member_name, network.chain_id)
    with settings.output.working("Asking the keepers") as words:
        account = _collect(settings, asking, network, words)
    if not account.evidence and len(account.failures) == len(network.committee.keepers):
        raise Degraded(f"no keeper told its receipts: {'; '.join(account.failures)}")
    value = _value(account, did(patient, network.chain_id))
    for failure in account.failures:
        settings.output.note(f"Incomplete: {failure}")
    if out is not None:
        write_private(Path(out), json.dumps(value, indent=2, ensure_ascii=False).encode("utf-8"))
        summary = {"file": out, "receipts": len(account.evidence), "incomplete": list(account.failures)}
        words_out = (
            f"{len(account.evidence)} receipts written to {out}; `consentry verify {out}` checks them."
        )
        settings.output.result(summary, lambda: settings.output.say(words_out))
        return
    settings.output.result(value, lambda: _tell(settings, account))


def _collect(settings: Settings, asking: ReceiptsSession, network: NetworkInfo, words: Any) -> Account:
    keepers = HttpKeepers(timeout_seconds=KEEPER_SECONDS)
    evidence: list[Evidence] = []
    failures: list[str] = []
    try:
        for keeper in network.committee.keepers:
            words(f"Keeper {keeper.seat + 1} of {len(network.committee.keepers)}, {len(evidence)} receipts")
            try:
                evidence += _of_keeper(keepers, keeper, asking, network, settings)
            except ConsentryError as problem:
                failures.append(f"keeper in seat {keeper.seat}: {problem.code}: {problem.diagnostics}")
    finally:
        keepers.close()
    return Account(tuple(evidence), tuple(failures))


def _of_keeper(
    keepers: HttpKeepers,
    keeper: KeeperInfo,
    asking: ReceiptsSession,
    network: NetworkInfo,
    settings: Settings,
) -> list[Evidence]:
    found: list[Evidence] = []
    after = 0
    for _ in range(MAX_PAGES):
        page = _page(keepers, keeper, asking, after, settings)
        if (page.keeper, page.chain_id) != (keeper.account, network.chain_id):
            raise KeeperMisbehaved("it is not the keeper that the network names")
        for one in page.evidence:
            Receipt.parse(one.receipt)  # what cannot be read is the keeper's fault, named here
        found += page.evidence
        if page.next is None:
            return found
        if page.next <= after:
            raise KeeperMisbehaved("its pages do not go forward")
        after = page.next
    raise KeeperMisbehaved("its account has no end")


def _page(
    keepers: HttpKeepers, keeper: KeeperInfo, asking: ReceiptsSession, after: int, settings: Settings
) -> ReceiptsPage:
    """One page, asked for again when the keeper finds that it was asked too often."""
    for _ in range(PATIENCE):
        asked = asking.ask(Address(keeper.account), after, settings.now())
        try:
            return asked.page(keepers.receipts(keeper, asked.query, asked.signature))
        except RateLimited as limited:
            time.sleep(limited.seconds)
    raise RateLimited()


def _value(account: Account, patient: str) -> dict[str, Any]:
    return {
        "patient": patient,
        "receipts": [
            {"receipt": Receipt.parse(one.receipt).to_json(), "evidence": one.to_json()}
            for one in account.evidence
        ],
        "incomplete": list(account.failures),
    }


def _tell(settings: Settings, account: Account) -> None:
    """One line for each thing asked for: keepers that noted the same request and item are counted together."""
    lines: dict[tuple[Any, ...], list[tuple[Receipt, bool]]] = {}
    for one in account.evidence:
        receipt = Receipt.parse(one.receipt)
        key = (receipt.request_digest, receipt.item, receipt.decision)
        lines.setdefault(key, []).append((receipt, one.commit is not None))
    rows = []
    for noted in sorted(lines.values(), key=lambda group: group[0][0].time):
        first = noted[0][0]
        proven = sum(committed for _, committed in noted)
        reader = first.practitioner or first.actor
        what = f"{first.category} ({'record' if first.item.record_id is not None else 'list'})"
        rows.append(
            (times.iso(first.time), first.decision, what, first.purpose, reader, f"{len(noted)}", f"{proven}")
        )
    settings.output.table(("time", "decision", "what", "purpose", "who", "keepers", "proven"), rows)
    settings.output.say(
        f"{len(account.evidence)} receipts. One keeper alone shows a possible access; --out FILE keeps the proofs."
    )

"""`consentry verify` and `consentry receipts --import` on an exported account."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consentry.cli.account_files import checked, header_of, is_account, reading
from consentry.cli.problems import NotReceipts
from consentry.cli.receipt_table import mandates_json, mandates_of, note_unasked, tell_noted
from consentry.cli.settings import Settings
from consentry.domain import times
from consentry.domain.addresses import did
from consentry.domain.receipts import RELEASED
from consentry.errors import AccountIncomplete
from consentry.services import account_words as words
from consentry.services.account_report import AccountReport, KeeperTold, Noted
from consentry.services.account_signatures import told_by

if TYPE_CHECKING:
    from consentry.chain.ledger import ChainLedger

_PROVING = ("AuditLog", "KeeperCommittee")
NOT_PROVEN = (
    "The keepers' signatures hold. That nothing was left out, and that it is on chain, `consentry verify FILE` proves "
    "with --rpc."
)
FILES_WORD = (
    "Which contracts prove it is the file's own word, as nobody said otherwise: whoever made the file up could name contracts "
    "of his own. Give --deployment with the file that the consortium publishes, or compare these addresses with it: "
)


def verify_file(settings: Settings, path: Path, earlier: Path | None = None) -> None:
    """Say what the account proves and what it lacks, also against an earlier one; exit code 5 if it lacks something.

    Raises NotReceipts, FileUnreadable, SettingMissing, DeploymentMissing, ProofInvalid, ChainUnreachable, ChainWrong.
    """
    ledger = ledger_of(settings, path)
    report = checked(settings, path, ledger, earlier)
    missing = words.missing_words(report)
    value = report_json(report) | {"deployment": _contracts(settings, ledger)}
    incomplete = AccountIncomplete(" ".join(missing)) if missing else None
    if incomplete is not None:
        value["error"] = {
            "code": incomplete.code,
            "detail": incomplete.diagnostics,
            "nextStep": incomplete.next_step,
        }
    settings.output.result(value, lambda: _tell(settings, report))
    _note_whose_word(settings, ledger)
    if incomplete is None:
        return
    if settings.output.as_json:
        click.get_current_context().exit(incomplete.exit_code)
    raise incomplete


def show_file(settings: Settings, path: Path) -> None:
    """The account as a table. With a chain it is verified first; without one only what keepers signed is.

    Raises as `verify_file` does.
    """
    if not is_account(path):
        raise NotReceipts(f"{path} is not an exported account")
    ledger = ledger_of(settings, path) if settings.rpc or settings.deployment else None
    if ledger is not None:
        checked(settings, path, ledger)
        _note_whose_word(settings, ledger)
    with reading(path) as (header, pages):
        noted = [(receipt, sure) for page in pages for receipt, sure in told_by(page, header)]
    mandates = mandates_of((receipt for receipt, _ in noted), ledger)
    if ledger is None:
        settings.output.note(NOT_PROVEN)
        note_unasked((receipt for receipt, _ in noted), settings)
    value = {
        "patient": did(header.patient, header.chain_id),
        "writtenAt": times.iso(header.written_at),
        "verified": ledger is not None,
        "receipts": [receipt.to_json() for receipt, _ in noted],
    } | mandates_json(mandates)
    sure = "committed" if ledger is None else "proven"
    settings.output.result(value, lambda: tell_noted(settings, noted, sure, mandates or {}))


def ledger_of(settings: Settings, path: Path) -> ChainLedger:
    """The chain, by the deployment file or else by the account's own word.

    Raises NotReceipts, FileUnreadable, SettingMissing, DeploymentMissing.
    """
    from consentry.chain.ledger import ChainLedger

    return ChainLedger(settings.connection(header_of(path).deployment, path.name))


def _contracts(settings: Settings, ledger: ChainLedger) -> dict[str, Any]:
    """Which contracts proved it, and who said that it is these."""
    addresses = ledger.connection.deployment.addresses
    return {
        "toldBy": "deployment" if settings.deployment else "file",
        "contracts": {name: addresses[name] for name in _PROVING},
    }


def _note_whose_word(settings: Settings, ledger: ChainLedger) -> None:
    told = _contracts(settings, ledger)
    if told["toldBy"] == "file":
        shown = ", ".join(f"{name} {one}" for name, one in told["contracts"].items())
        settings.output.note(f"{FILES_WORD}{shown}.")


def report_json(report: AccountReport) -> dict[str, Any]:
    """The report for programs; `ok`: nothing is false, `complete`: nothing is missing."""
    return {
        "ok": True,
        "complete": report.is_complete,
        "patient": did(report.patient, report.chain_id),
        "receipts": report.receipts,
        "accesses": [_noted(one, report) for one in report.noted if one.is_access],
        "possible": [
            _noted(one, report) for one in report.noted if one.decision == RELEASED and not one.is_access
        ],
        "refused": [_noted(one, report) for one in report.noted if one.decision != RELEASED],
        "keepers": [_keeper(one) for one in report.keepers],
        "missing": list(words.missing_words(report)),
        "remarks": list(words.remarks(report)),
        "note": words.LIMIT,
    }


def _noted(one: Noted, report: AccountReport) -> dict[str, Any]:
    return {
        "actor": one.actor,
        "member": None
        if one.member is None
        else {"address": one.member, "name": report.names.get(one.member, one.member)},
        "practitioners": list(one.practitioners),
        "item": one.item.to_json(),
        "category": str(one.category),
        "purposes": list(one.purposes),
        "grounds": list(one.grounds),
        "reasons": list(one.reasons),
        "episodes": list(one.episodes),
        "first": times.iso(one.first),
        "last": times.iso(one.last),
        "keepers": one.keepers,
        "onChain": one.on_chain,
        "threshold": one.threshold,
        "words": words.noted_words(one, report),
    }


def _keeper(one: KeeperTold) -> dict[str, Any]:
    silence = one.silence
    return {
        "seat": one.seat,
        "account": one.account,
        "member": one.member,
        "complete": one.complete,
        "receipts": one.receipts,
        "waiting": one.waiting,
        "until": one.until,
        "at": _time(one.at),
        "lastOnChain": _time(one.heard_at),
        "silent": None
        if silence is None
        else {"since": _time(silence.since), "requests": silence.requests, "othersAgree": silence.others},
    }


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else times.iso(seconds)


def _tell(settings: Settings, report: AccountReport) -> None:
    say = settings.output.say
    for one in report.noted:
        say(f"  {words.noted_words(one, report)}")
    for keeper in report.keepers:
        if keeper.complete:
            say(f"  ✓ {words.told_words(keeper)}")
    for text in words.missing_words(report):
        say(f"  ✗ {text}")
    for text in words.remarks(report):
        say(f"  • {text}")
    say(words.summary(report))
    say(words.LIMIT)

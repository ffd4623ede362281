"""The account as one file, and what the regulator sees instead."""

from __future__ import annotations

import io
import json

from consentry.bootstrap.common import SystemClock
from consentry.demo.actors import Patient
from consentry.demo.telling import StepDiffers
from consentry.domain import times
from consentry.errors import ProofInvalid
from consentry.network.plan import REGULATOR
from consentry.network.run import Network
from consentry.remote.keepers import HttpKeepers
from consentry.services.account import Account, AskPorts, account
from consentry.services.account_check import verify_account
from consentry.services.account_file import AccountHeader, account_lines, read_account
from consentry.services.account_report import AccountReport
from consentry.services.account_words import summary
from consentry.services.feed_reading import FeedPorts, read_feeds
from consentry.wallets.account import open_feed_reader, open_reader
from consentry.wallets.keyfile import open_system

KEEPER_SECONDS = 10.0


def exported(network: Network, patient: Patient) -> bytes:
    """What `consentry receipts --export` writes: asked of every keeper by the patient's own client."""
    ledger = network.ledger
    reader = open_reader(patient.wallet, patient.patient, "City Hospital", ledger.chain_id)
    keepers = HttpKeepers(timeout_seconds=KEEPER_SECONDS)
    try:
        found: Account = account(reader, ledger, AskPorts(keepers, SystemClock()))
    finally:
        keepers.close()
    header = AccountHeader(
        patient.patient, ledger.chain_id, "chain", SystemClock().now(), ledger.connection.deployment.to_json()
    )
    return b"".join(account_lines(found, header))


def verified(network: Network, raw: bytes) -> AccountReport:
    """What `consentry verify` does: a file and a chain node. Raises ProofInvalid."""
    header, pages = read_account(io.BytesIO(raw))
    return verify_account(header.patient, pages, network.ledger)


def proven(network: Network, raw: bytes) -> str:
    report = verified(network, raw)
    if not report.is_complete:
        raise StepDiffers("something is missing in the account")
    return f"{len(raw):,} bytes. {summary(report)}"


def one_left_out(network: Network, raw: bytes) -> str:
    """Somebody takes a receipt out of the file, and lets its last line count what is left."""
    lines = [json.loads(one) for one in raw.splitlines()]
    page = next(one for one in lines[1:-1] if one["receipts"])
    page["receipts"].pop(0)
    lines[-1]["receipts"] -= 1
    try:
        verified(network, b"".join(json.dumps(one).encode() + b"\n" for one in lines))
    except ProofInvalid as problem:
        return problem.diagnostics
    raise StepDiffers("a receipt was left out, and nobody noticed")


def regulators_feed(network: Network, patient: Patient) -> str:
    """Every keeper's feed, asked for by the regulator's own system account."""
    ledger, place = network.ledger, network.place
    system = open_system(place.member(REGULATOR) / "gateway.keystore", place.passphrase)
    staff, committee = ledger.staff(system.address), ledger.committee()
    member = None if staff is None else ledger.member(staff.member)
    assert committee is not None and member is not None
    reader = open_feed_reader(system, member.name, ledger.chain_id)
    keepers = HttpKeepers(timeout_seconds=KEEPER_SECONDS)
    try:
        told = read_feeds(reader, committee.keepers, 0, 10_000, FeedPorts(keepers, SystemClock()))
    finally:
        keepers.close()
    rows = [row for one in told for row in one.rows]
    text = json.dumps([row.to_json() for row in rows])
    if any(one.problem for one in told) or not rows or patient.patient[2:] in text:
        raise StepDiffers("a keeper did not answer the regulator, or named the patient")
    last = max(rows, key=lambda row: row.time)
    return (
        f"{len(rows)} rows from {len(told)} keepers, {len({row.patient for row in rows})} pseudonyms; the last one: "
        f"{times.iso(last.time)}, {last.decision}, {last.purpose}, {last.ground}"
    )

"""The account of accesses as the page makes it, held against Python's on the same network; and revoking at every keeper."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from consentry.demo.actors import Hospital, Person, asking_of
from consentry.domain import fields
from consentry.domain.terms import Consent
from consentry.errors import NoGround, ProofInvalid
from consentry.network.direct import read_ports
from consentry.network.run import Network
from consentry.services.account_check import verify_account
from consentry.services.account_file import read_account
from consentry.services.account_report import AccountReport
from consentry.services.reading import read
from tests.browser.core_runs import run_core
from tests.browser.owners import Owner
from tests.journeys.bundles import TERMS, bundle, laboratory, patient
from tests.waiting import until


@pytest.fixture(scope="module")
def read_owner(
    network: Network, new_owner: Callable[[], Owner], tmp_path_factory: pytest.TempPathFactory
) -> Owner:
    """Dr Bose read two results, and asked again after the patient's page had revoked the consent."""
    made = new_owner()
    mercy, city = Hospital(network, "mercy"), Hospital(network, "city")
    mercy.publish(bundle(patient("A-1"), laboratory(5.1), laboratory(5.2, "2026-04-01")), made.at_mercy)
    city.propose(made.at_city, TERMS, days=1)
    consent = made.person.consents()[0]
    made.person.grant(consent)
    bose = Person.sign_in(network, "dr_bose", "city")
    bose.open_session("TREAT")
    assert bose.everything(made.at_city)["entry"]
    revoked = run_core(network, made.slug, "revoke", consent=consent)
    assert (revoked["acknowledged"], revoked["of"]) == (5, 5)
    assert revoked["transaction"].startswith("0x")
    assert revoked["steps"] == [0, 1, 2, 3, 4, 5]
    # Past the gateway, which would not even ask.
    terms = Consent.from_json(consent["consent"])
    asking = asking_of(bose.wallet, terms, "City Hospital", network.ledger.chain_id, "TREAT")
    with (
        read_ports(network, tmp_path_factory.mktemp("bose") / "index.sqlite") as ports,
        pytest.raises(NoGround),
    ):
        read(asking, terms, ports)
    return made


@pytest.fixture(scope="module")
def exported(
    network: Network, read_owner: Owner, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], Path]:
    """What the page shows once everything is on chain, and the file that it exports."""
    file = tmp_path_factory.mktemp("account") / "account.jsonl"

    def settled() -> dict[str, Any]:
        page = run_core(network, read_owner.slug, "account", file=str(file))
        return page if all(one["kind"] == "silent" for one in page["missing"]) else {}

    return until(settled, "an account of which everything is on chain"), file


def verified(network: Network, content: bytes) -> AccountReport:
    header, pages = read_account(io.BytesIO(content))
    return verify_account(header.patient, pages, network.ledger)


def test_page_accounts_as_python_verifies(network: Network, exported: tuple[dict[str, Any], Path]) -> None:
    """W-29, A-5, A-7: the exported file verifies, and Python counts the same accesses, refusals, roots' receipts and keepers."""
    page, file = exported
    report = verified(network, file.read_bytes())
    assert report.is_complete
    silent = [(one.seat, one.silence.requests, one.silence.others) for one in report.keepers if one.silence]
    assert sorted((one["seat"], one["requests"], one["others"]) for one in page["missing"]) == silent
    assert page["verified"]["receipts"] == report.receipts
    assert page["verified"]["keepers"] == page["verified"]["asked"] == 5
    assert page["verified"]["roots"] > 0
    assert {one["proven"] for one in page["accesses"]} == {"on-chain"}
    python = {
        (one.actor, fields.to_hex(one.item.record_id))
        for one in report.noted
        if one.is_access and one.item.record_id is not None
    }
    shown = [one for one in page["accesses"] if one["kind"] == "access"]
    assert {(one["actor"], record) for one in shown for record in one["records"]} == python
    assert len(python) == 2
    bose = next(one for one in shown if one["records"])
    assert (bose["member"], bose["role"], bose["purpose"], bose["ground"]) == (
        "City Hospital",
        "attending",
        "TREAT",
        "CONSENT",
    )
    assert len(bose["keepers"]) >= bose["threshold"] == 3
    assert any(one["seeds"] == ["laboratory"] for one in shown)


def test_page_tells_refusals(exported: tuple[dict[str, Any], Path]) -> None:
    """W-29, D5: what was refused stands in the account, with the reason that only the patient hears."""
    refused = [one for one in exported[0]["accesses"] if one["kind"] == "refused"]
    assert {reason for one in refused for reason in one["reasons"]} <= {"ConsentRevoked", "RevocationSeen"}
    assert refused and not any(one["records"] and one["seeds"] for one in refused)


def tampered(lines: list[dict[str, Any]], how: str) -> list[dict[str, Any]]:
    """What a keeper, or somebody on the way, may do to pages."""
    page = next(one for one in lines if len(one.get("receipts") or ()) > 2)
    receipts = page["receipts"]
    match how:
        case "drop":
            del receipts[1]
        case "duplicate":
            receipts[1] = receipts[0]
        case "add":
            receipts.append(
                next(one for one in lines if one.get("receipts") and one is not page)["receipts"][0]
            )
        case "reorder":
            receipts.reverse()
        case "alter":
            raw = fields.base64_bytes(receipts[1]["receipt"], "receipt", 1, 4096)
            receipts[1]["receipt"] = fields.to_base64(raw.replace(b"TREAT", b"COC"))
        case "drop_proof":
            receipts[1]["commit"] = None
        case "swap_proof":
            receipts[0]["commit"], receipts[-1]["commit"] = receipts[-1]["commit"], receipts[0]["commit"]
        case "swap_transaction":
            receipts[0]["commit"]["transaction"] = "0x" + "11" * 32
        case "swap_statement":
            other = next(one for one in lines if one.get("statement") and one["keeper"] != page["keeper"])
            page["statement"] = other["statement"]
        case "claim_more":
            page["next"] = 10_000
    return lines


@pytest.mark.parametrize(
    "how",
    ["nothing", "drop", "duplicate", "add", "reorder", "alter", "drop_proof", "swap_proof", "swap_transaction",
     "swap_statement", "claim_more"],
)  # fmt: skip
def test_page_and_python_name_the_same_link(
    network: Network, read_owner: Owner, exported: tuple[dict[str, Any], Path], how: str
) -> None:
    """W-29, A-6: of pages that were changed the browser names the first link that fails, as Python does."""
    lines = tampered([json.loads(line) for line in exported[1].read_text().splitlines()], how)
    lines[-1]["receipts"] = sum(len(one.get("receipts") or ()) for one in lines[:-1])
    expected: dict[str, Any] = {"link": None, "seq": None}
    try:
        verified(network, b"".join(json.dumps(one).encode() + b"\n" for one in lines))
    except ProofInvalid as problem:
        link, *seq = problem.expression
        expected = {"link": link, "seq": int(seq[0]) if seq else None}
    assert (expected["link"] is None) == (how == "nothing")
    verdict = run_core(network, read_owner.slug, "check", lines=lines)
    assert {key: verdict[key] for key in expected} == expected

"""`consentry verify` reads receipts in every form they are handed out, and names the link that fails (A-2, K-9)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.cli.settings import Settings
from consentry.cli.verifying import Claim, claims_in, report
from consentry.domain.addresses import did
from consentry.domain.receipts import Receipt
from consentry.errors import LayoutInvalid, ProofInvalid
from consentry.services.commit import commit_next
from consentry.services.receipts import ReceiptsPage, receipts
from consentry.services.release import release
from consentry.services.verify import Evidence
from tests.app.cli.conftest import Run
from tests.app.keeper_world import CHAIN_ID, World
from tests.app.memory_sender import MemorySender


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def page(world: World) -> ReceiptsPage:
    """Three receipts of one keeper, committed."""
    desk = world.desk()
    for _ in range(3):
        release(world.command(world.request()), desk)
    commit_next(desk.book, world.ledger, MemorySender(world.ledger, desk.account))
    return receipts(world.signed_query(), desk)


def evidence_in(tree: Any) -> list[Evidence]:
    return [one.evidence for one in claims_in(tree)]


def plain(evidence: Sequence[Evidence]) -> list[Claim]:
    """Claims with nothing readable beside them."""
    return [Claim(one, {}, None) for one in evidence]


def test_claims_in_reads_every_form(page: ReceiptsPage) -> None:
    """K-9: one receipt, a list, a keeper's page, an account of several keepers."""
    all_three = list(page.evidence)
    one = all_three[0].to_json()
    account = {
        "patient": "did",
        "receipts": [{"receipt": {}, "evidence": each.to_json()} for each in all_three],
    }
    assert evidence_in(one) == all_three[:1]
    assert evidence_in([each.to_json() for each in all_three]) == all_three
    assert evidence_in(page.to_json()) == all_three
    assert evidence_in(json.loads(json.dumps(account))) == all_three


@pytest.mark.parametrize(
    "tree", [[], {}, None, 7, "text", [7], {"receipts": []}, {"receipts": [7]}, {"evidence": 7}]
)
def test_claims_in_refuses_what_is_none(tree: Any) -> None:
    with pytest.raises(LayoutInvalid):
        list(claims_in(tree))


def test_report_shows_each_link_of_one_receipt(
    world: World, page: ReceiptsPage, capsys: pytest.CaptureFixture[str]
) -> None:
    """A-2"""
    report(Settings(), plain(page.evidence[:1]), world.ledger)  # type: ignore[arg-type]
    out = capsys.readouterr().out
    assert [line.split()[:2] for line in out.splitlines()[:5]] == [
        ["✓", f"{name}:"] for name in ("signature", "layout", "proof", "root", "seat")
    ]
    assert "1 of 1 receipts are proven." in out


def test_report_names_the_receipt_and_the_link_that_fail(
    world: World, page: ReceiptsPage, capsys: pytest.CaptureFixture[str]
) -> None:
    """A-2"""
    first, second, third = page.evidence
    assert third.commit is not None
    broken = replace(third, commit=replace(third.commit, root=bytes(32)))
    with pytest.raises(ProofInvalid, match="receipt 3 of 3: proof: ") as caught:
        report(Settings(), plain([first, second, broken]), world.ledger)  # type: ignore[arg-type]
    assert caught.value.exit_code == 4 and caught.value.expression == ("proof",)
    out = capsys.readouterr().out
    assert "✗ receipt 3, proof" in out and "2 of 3 receipts are proven." in out


def test_report_as_json_lists_every_link(
    world: World, page: ReceiptsPage, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings()
    settings.output.as_json = True
    report(settings, plain(page.evidence), world.ledger)  # type: ignore[arg-type]
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] and [one["receipt"] for one in told["receipts"]] == [1, 2, 3]
    assert all(link["ok"] for one in told["receipts"] for link in one["links"])


def test_verify_needs_a_chain_of_its_own(consentry: Run, page: ReceiptsPage, tmp_path: Path) -> None:
    """A gateway's word would prove nothing: without --rpc and --deployment there is no proof."""
    (tmp_path / "one.json").write_text(json.dumps(page.evidence[0].to_json()))
    assert consentry("verify", tmp_path / "one.json", "--json").error == "setting-missing"
    elsewhere = consentry(
        "verify", tmp_path / "one.json", "--rpc", "http://localhost:1", "--deployment", "/none"
    )
    assert elsewhere.code == 5 and "deployment-missing" in elsewhere.err
    (tmp_path / "one.json").write_text("{}")
    assert consentry("verify", tmp_path / "one.json", "--json").error == "not-receipts"
    (tmp_path / "one.json").write_bytes(b"")
    assert consentry("verify", tmp_path / "one.json", "--json").error == "not-receipts"


Change = Callable[[dict[str, Any]], object]
ALTERED: dict[str, tuple[Change, str]] = {
    "who": (lambda account: second(account).update(actor="0x" + "11" * 20), "receipt.actor"),
    "when": (lambda account: second(account).update(time="2020-01-01T00:00:00Z"), "receipt.time"),
    "what": (lambda account: second(account)["item"].update(recordId="0x" + "11" * 32), "receipt.item"),
    "decision": (lambda account: second(account).update(decision="refused"), "receipt.decision"),
    "a number as truth": (lambda account: second(account).update(version=True), "receipt.version"),
    "less": (lambda account: second(account).pop("purpose"), "receipt.purpose"),
    "more": (lambda account: second(account).update(note="all is well"), "receipt.note"),
    "beside it": (lambda account: account["receipts"][1].update(note="all is well"), "note"),
    "no object": (lambda account: account["receipts"][1].update(receipt=7), "receipt"),
}


def second(account: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = account["receipts"][1]["receipt"]
    return shown


def account_of(page: ReceiptsPage) -> dict[str, Any]:
    """As `consentry receipts --out` writes it."""
    parsed = [Receipt.parse(one.receipt) for one in page.evidence]
    receipts = [
        {"receipt": shown.to_json(), "evidence": one.to_json()}
        for shown, one in zip(parsed, page.evidence, strict=True)
    ]
    return {"patient": did(parsed[0].patient, CHAIN_ID), "receipts": receipts, "incomplete": []}


@pytest.mark.parametrize("what", ALTERED)
def test_readable_text_that_differs_from_what_is_signed_is_not_proven(
    world: World, page: ReceiptsPage, what: str
) -> None:
    """A-2: people read the text, not the bytes; the receipt and the field are named."""
    change, field = ALTERED[what]
    account = account_of(page)
    change(account)
    with pytest.raises(ProofInvalid, match=rf"receipt 2 of 3: readable: {field}: ") as caught:
        report(Settings(), list(claims_in(account)), world.ledger)  # type: ignore[arg-type]
    assert caught.value.exit_code == 4


@pytest.mark.parametrize("patient", [did("0x" + "11" * 20, CHAIN_ID), "", 7])
def test_an_account_is_of_the_patient_it_names(world: World, page: ReceiptsPage, patient: Any) -> None:
    """A-2"""
    claims = list(claims_in(account_of(page) | {"patient": patient}))
    with pytest.raises(ProofInvalid, match="receipt 1 of 3: readable: patient: "):
        report(Settings(), claims, world.ledger)  # type: ignore[arg-type]


def test_an_account_as_written_proves_and_says_what_a_file_cannot_show(
    world: World, page: ReceiptsPage, capsys: pytest.CaptureFixture[str]
) -> None:
    """A-2: the order of names does not matter; nobody claims that nothing was left out."""
    account = json.loads(json.dumps(account_of(page), sort_keys=True))
    report(Settings(), list(claims_in(account)), world.ledger)  # type: ignore[arg-type]
    out = capsys.readouterr().out
    assert "3 of 3 receipts are proven." in out and "left out" in out and "consentry receipts" in out

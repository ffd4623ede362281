"""`consentry verify` reads receipts in every form they are handed out, and names the link that fails (A-2, K-9)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.chain.memory import MemorySender
from consentry.cli.settings import Settings
from consentry.cli.verifying import evidence_in, report
from consentry.errors import LayoutInvalid, ProofInvalid
from consentry.services.commit import commit_next
from consentry.services.receipts import ReceiptsPage, receipts
from consentry.services.release import release
from tests.app.cli.conftest import Run
from tests.app.keeper_world import World


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


def test_evidence_in_reads_every_form(page: ReceiptsPage) -> None:
    """K-9: one receipt, a list, a keeper's page, an account of several keepers."""
    all_three = list(page.evidence)
    one = all_three[0].to_json()
    account = {
        "patient": "did",
        "receipts": [{"receipt": {}, "evidence": each.to_json()} for each in all_three],
    }
    assert list(evidence_in(one)) == all_three[:1]
    assert list(evidence_in([each.to_json() for each in all_three])) == all_three
    assert list(evidence_in(page.to_json())) == all_three
    assert list(evidence_in(json.loads(json.dumps(account)))) == all_three


@pytest.mark.parametrize(
    "tree", [[], {}, None, 7, "text", [7], {"receipts": []}, {"receipts": [7]}, {"evidence": 7}]
)
def test_evidence_in_refuses_what_is_none(tree: Any) -> None:
    with pytest.raises(LayoutInvalid):
        list(evidence_in(tree))


def test_report_shows_each_link_of_one_receipt(
    world: World, page: ReceiptsPage, capsys: pytest.CaptureFixture[str]
) -> None:
    """A-2"""
    report(Settings(), list(page.evidence[:1]), world.ledger)  # type: ignore[arg-type]
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
        report(Settings(), [first, second, broken], world.ledger)  # type: ignore[arg-type]
    assert caught.value.exit_code == 4 and caught.value.expression == ("proof",)
    out = capsys.readouterr().out
    assert "✗ receipt 3, proof" in out and "2 of 3 receipts are proven." in out


def test_report_as_json_lists_every_link(
    world: World, page: ReceiptsPage, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings()
    settings.output.as_json = True
    report(settings, list(page.evidence), world.ledger)  # type: ignore[arg-type]
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
    assert consentry("verify", tmp_path / "one.json", "--json").error == "layout-invalid"

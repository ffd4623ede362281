"""A keeper that lies with its own key about receipts, and answers first: what the page says of it, and of the others."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from consentry.crypto.signatures import account_of
from consentry.errors import ProofInvalid
from consentry.network.run import Network
from consentry.services.account_check import verify_account
from consentry.services.account_file import read_account
from consentry.services.committees import every_keeper
from tests.browser.core_runs import run_core
from tests.browser.node import evaluate
from tests.browser.owners import Owner


@dataclass(frozen=True)
class Told:
    """`receipt`: as an honest keeper handed it out; `file`: where the page's account goes."""

    owner: Owner
    receipt: str
    file: Path


@pytest.fixture(scope="module")
def told(network: Network, new_owner: Callable[[], Owner], tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Somebody who read the own record once, of which a threshold of keepers has notes."""
    owner, file = new_owner(), tmp_path_factory.mktemp("told") / "account.jsonl"
    assert run_core(network, owner.slug, "read")["incomplete"] == []
    assert run_core(network, owner.slug, "account", file=str(file))["accesses"]
    pages = [json.loads(line) for line in file.read_text().splitlines()]
    return Told(owner, next(one["receipts"][0]["receipt"] for one in pages if one.get("receipts")), file)


def seats(network: Network) -> dict[str, int]:
    return {one.account: one.seat for one in every_keeper(network.ledger)}


def keeper_key(network: Network, seat: int) -> str:
    by_seat = {}
    for slug in network.keepers:
        key = network.place.read_keys(network.place.keeper(slug) / "keeper.keystore")["account"]
        by_seat[seats(network)[account_of(key)]] = "0x" + key.hex()
    return by_seat[seat]


def lied(network: Network, told: Told, seat: int, **liar: Any) -> dict[str, Any]:
    given = {"key": keeper_key(network, seat), "receipt": told.receipt, "says": {}, **liar}
    return run_core(network, told.owner.slug, "account", file=str(told.file), liar=given)


@pytest.mark.parametrize(
    ("seat", "says"),
    [(0, {"purpose": "TREAT"}), (4, {"purpose": "TREAT"}), (0, {"mandateId": "0x" + "11" * 32})],
)
def test_who_answers_first_is_not_right(
    network: Network, told: Told, seat: int, says: dict[str, str]
) -> None:
    """W-29, A-6: a contradiction is told as one, of both; in the file's order, as `consentry verify` finds it there."""
    page = lied(network, told, seat, says=says)
    found = [one for one in page["missing"] if one["kind"] == "false"]
    with told.file.open("rb") as stream, pytest.raises(ProofInvalid) as wrong:
        header, pages = read_account(io.BytesIO(stream.read()))
        verify_account(header.patient, pages, network.ledger)
    assert {one["link"] for one in found} == {"agreement"}
    first = min(found, key=lambda one: one["seat"])
    assert wrong.value.expression == ("agreement", str(first["seq"]))
    said = wrong.value.diagnostics
    assert said.startswith(f"keeper in seat {first['seat']} ({first['member']}): ")
    assert f"keeper in seat {first['other']['seat']} ({first['other']['member']}) tells" in said
    assert all(seat in (one["seat"], one["other"]["seat"]) for one in found)


def foreign(network: Network) -> str:
    """A transaction in which AuditLog says something else than that receipts were committed."""
    address = network.ledger.address_of("AuditLog")
    asked = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "eth_getLogs",
        "params": [{"address": address, "fromBlock": "0x0"}],
    }
    logs = requests.post(network.gateways["city"] + "/api/chain", json=asked, timeout=60).json()["result"]
    commits = {one["topics"][0] for one in logs if len(one["topics"]) == 3}
    return next(one["transactionHash"] for one in logs if one["topics"][0] not in commits)


@pytest.mark.parametrize("named", ["foreign", None])
def test_one_lie_about_the_chain_ends_no_other_account(
    network: Network, told: Told, named: str | None
) -> None:
    """W-29: a transaction with other events, and a root that nobody committed, are that keeper's lie alone."""
    page = lied(network, told, 4, transaction=foreign(network) if named else None)
    assert page.get("problem") is None, page
    found = [one for one in page["missing"] if one["kind"] == "false"]
    assert [(one["seat"], one["link"], one["seq"]) for one in found] == [(4, "root", 0)]
    assert page["verified"]["keepers"] == 4
    assert page["accesses"]


SEARCHED = """
import { createClient, custom } from "viem";
import { Proofs } from "./app/browser/core/proofs";
let asked = 0;
const request = async ({ method }) => {
  asked += method === "eth_getLogs" ? 1 : 0;
  return method === "eth_blockNumber" ? "0x10000000" : [];
};
const client = createClient({ transport: custom({ request }) });
const proofs = new Proofs({ client, chainId: 1, contract: () => `0x${"11".repeat(20)}` });
const root = (number) => `0x${number.toString(16).padStart(64, "0")}`;
const found = [];
const keeper = `0x${"22".repeat(20)}`;
for (let number = 0; number < given; number++) found.push(...(await proofs.commitsOf(null, keeper, root(number))));
console.log(JSON.stringify({ asked, found: found.length }));
"""


def test_made_up_roots_cost_little() -> None:
    """W-29: however many a keeper names without a transaction, the chain is looked through once for it."""
    assert evaluate(SEARCHED, 30) == {"asked": 100, "found": 0}

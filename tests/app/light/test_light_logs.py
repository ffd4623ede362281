"""Logs and receipts through another member's endpoint are those of the chain, or none (H-78, H-79, H-80)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes
from typing import Any

import pytest

from consentry.chain.connection import Connection
from consentry.chain.ledger import ChainLedger
from consentry.chain.rpc import Request, RpcError
from consentry.errors import ChainStale, ChainUnproven, ChainWrong, ConsentryError
from consentry.light.checkpoint import Checkpoint
from consentry.light.clique import Clique
from consentry.light.endpoint import proven_rpc
from tests.app.light.conftest import DEPTH, Clinic
from tests.app.light.endpoint import Lie, honest


def anchored(clinic: Clinic) -> bytes:
    """The root of an anchor in a block of its own."""
    root = token_bytes(32)
    clinic.world.mercy_hospital.transact("RecordRegistry", "anchor", root, token_bytes(32), 1)
    return root


def mined(clinic: Clinic, blocks: int) -> None:
    for _ in range(blocks):
        clinic.world.ledger.connection.rpc.call("evm_mine")


def roots(ledger: ChainLedger) -> list[bytes]:
    return [one.root for one in ledger.anchors(0, ledger.head().number)]


def about(method: str, change: Callable[[Any], Any]) -> Lie:
    def lie(request: Request, result: Any) -> Any:
        return change(result) if request.method == method and result else result

    return lie


def with_logs(change: Callable[[list[Any]], list[Any]]) -> Lie:
    return about(
        "eth_getBlockReceipts",
        lambda told: [one | {"logs": change(one["logs"])} if one["logs"] else one for one in told],
    )


def flipped(text: str) -> str:
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def withheld_before(number: int) -> Lie:
    """Headers of older blocks, each of which a later one names."""
    return about("eth_getBlockByNumber", lambda told: None if int(told["number"], 16) < number else told)


LIES: dict[str, Lie] = {
    "log dropped": with_logs(lambda logs: logs[1:]),
    "log added": with_logs(lambda logs: [*logs, logs[0]]),
    "log of another": with_logs(lambda logs: [one | {"topics": one["topics"][:-1]} for one in logs]),
    "data changed": with_logs(lambda logs: [one | {"data": flipped(one["data"])} for one in logs]),
    "no receipts": about("eth_getBlockReceipts", lambda told: []),
    "one more receipt": about("eth_getBlockReceipts", lambda told: [*told, told[0]]),
    "withheld": about("eth_getBlockReceipts", lambda told: None),
    "refused": about("eth_getBlockReceipts", lambda told: RpcError(-32000, "pruned", None)),
    "rubbish": about("eth_getBlockReceipts", lambda told: [{"logs": 5}]),
    "failed": about("eth_getBlockReceipts", lambda told: [one | {"status": "0x0"} for one in told]),
    "gas": about("eth_getBlockReceipts", lambda told: [one | {"cumulativeGasUsed": "0x1"} for one in told]),
    "transaction": about("eth_getRawTransactionByBlockHashAndIndex", flipped),
    "no transaction": about("eth_getRawTransactionByBlockHashAndIndex", lambda raw: None),
    "header's bloom": about("eth_getBlockByNumber", lambda told: told | {"logsBloom": "0x" + "00" * 256}),
    "header's receipts": about(
        "eth_getBlockByNumber", lambda told: told | {"receiptsRoot": "0x" + "00" * 32}
    ),
}


@pytest.mark.parametrize("followed_by", [DEPTH + 1, 0], ids=["final", "newest"])
def test_anchors_are_those_that_a_node_tells(clinic: Clinic, tmp_path: Path, followed_by: int) -> None:
    """H-78: with their places and transactions, in final blocks and in those that follow."""
    anchored(clinic)
    root = anchored(clinic)
    mined(clinic, followed_by)
    ledger = clinic.ledger(tmp_path / "book")
    head = ledger.head()
    of_node = list(clinic.world.ledger.anchors(0, head.number))
    assert list(ledger.anchors(0, head.number)) == of_node and of_node[-1].root == root
    asked = [one for one in clinic.endpoint.asked if one.method == "eth_getBlockReceipts"]
    assert len(asked) < head.number, "blocks without our contracts in their bloom are not asked for"
    quiet = head.number - followed_by // 2
    assert list(ledger.anchors(quiet, quiet)) == list(clinic.world.ledger.anchors(quiet, quiet))


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_lie_about_logs_gives_nothing_and_is_named(clinic: Clinic, tmp_path: Path, lie: Lie) -> None:
    """H-78: neither while blocks are newest nor when they are final; an honest answer is believed again afterwards."""
    ledger = clinic.ledger(tmp_path / "book")
    before = roots(ledger)
    clinic.endpoint.lie = lie
    root = anchored(clinic)
    with pytest.raises((ChainUnproven, ChainStale)):
        roots(ledger)
    mined(clinic, DEPTH + 1)
    with pytest.raises(ChainUnproven):
        roots(ledger)
    clinic.endpoint.lie = honest
    assert roots(ledger) == [*before, root]


def test_a_book_goes_on_where_it_was_and_belongs_to_its_chain(clinic: Clinic, tmp_path: Path) -> None:
    """H-79: nothing is fetched twice; the file is for this user alone."""
    book = tmp_path / "book"
    root = anchored(clinic)
    mined(clinic, DEPTH + 1)
    first = clinic.ledger(book)
    known = roots(first)
    first.connection.close()
    clinic.endpoint.asked.clear()
    again = clinic.ledger(book)
    assert roots(again) == known and known[-1] == root and book.stat().st_mode & 0o777 == 0o600
    methods = [one.method for one in clinic.endpoint.asked]
    assert "eth_getBlockReceipts" not in methods and methods.count("eth_getBlockByNumber") < 20
    again.connection.close()
    other = replace(clinic.deployment, genesis=token_bytes(32))
    with pytest.raises(ChainWrong):
        proven_rpc(clinic.endpoint, other, clinic.checkpoint, clinic.clock, book)


def test_blocks_before_the_checkpoint_are_proven_by_their_hashes(clinic: Clinic, tmp_path: Path) -> None:
    """H-79: nothing is said of them until all are checked; a lie on the way is caught."""
    root = anchored(clinic)
    mined(clinic, DEPTH + 1)
    engine = Clique()
    start = clinic.rpc().chain
    start.follow()
    trust = start.checkpoint()
    rpc = proven_rpc(clinic.endpoint, clinic.deployment, trust, clinic.clock, tmp_path / "book")
    ledger = ChainLedger(Connection(rpc, clinic.deployment))
    with pytest.raises(ChainStale, match="still to be checked"):
        roots(ledger)
    lies = (with_logs(lambda logs: logs[1:]), LIES["withheld"], withheld_before(trust.number))
    for clinic.endpoint.lie in lies:  # a slow start is stale, and ends
        with pytest.raises(ChainUnproven):
            while rpc.go_on(64):
                pass
    clinic.endpoint.lie = honest
    while rpc.go_on(64):
        pass
    assert root in roots(ledger)
    old = ledger.block_hash(clinic.deployment.block)
    assert old == engine.header(clinic.endpoint.sealed(clinic.deployment.block)).hash
    clinic.endpoint.asked.clear()
    following = clinic.deployment.block + 1
    assert ledger.block_hash(following) == engine.header(clinic.endpoint.sealed(following)).hash
    assert hex(following) not in [one.params[0] for one in clinic.endpoint.asked if one.params]
    assert Checkpoint.from_json(trust.to_json()) == trust


def test_receipts_one_by_one_where_a_node_has_no_method_for_all(clinic: Clinic, tmp_path: Path) -> None:
    """H-78."""
    clinic.endpoint.lie = about("eth_getBlockReceipts", lambda told: RpcError(-32601, "no method", None))
    root = anchored(clinic)
    assert roots(clinic.ledger(tmp_path / "book"))[-1] == root


def test_logs_of_other_contracts_are_refused(clinic: Clinic, tmp_path: Path) -> None:
    """H-78: none are kept, so that "none" would be no proof."""
    rpc = clinic.rpc(tmp_path / "book")
    asked = {"address": "0x" + "11" * 20, "fromBlock": "0x1", "toBlock": "0x1", "topics": []}
    with pytest.raises(ConsentryError) as refusal:
        rpc.call("eth_getLogs", asked)
    assert isinstance(refusal.value, ChainUnproven)

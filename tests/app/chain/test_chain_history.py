"""Attribute histories, anchors in bounded ranges, receipts' commits."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import pytest

from consentry.chain import history, logs
from consentry.chain.calls import code32
from consentry.chain.connection import Connection
from consentry.chain.ledger import ChainLedger
from consentry.chain.rpc import AnswerHuge, AnswerLate, RpcClient, RpcError
from consentry.chain.sender import ChainSender
from consentry.domain.ledger import Chamber
from consentry.errors import HistoryTooLong
from tests.app.chain.world import World

DIRECTORY = "did/svc/ConsentryDirectory"


def test_attributes_gives_every_change_oldest_first(each_world: World) -> None:
    """D-4, K-5: the walk back from `changed` passes delegates and other attributes, and finds each value once."""
    ledger, alice = each_world.ledger, each_world.actor()
    assert ledger.attributes(alice.address, DIRECTORY) == ()
    assert ledger.latest_attribute(alice.address, DIRECTORY) is None
    for value in (b"ipfs://one", b"ipfs://two"):
        alice.transact("IdentityRegistry", "setAttribute", alice.address, code32(DIRECTORY), value, 3600)
        alice.transact("IdentityRegistry", "setAttribute", alice.address, code32("did/svc/Other"), b"x", 3600)
        alice.transact(
            "IdentityRegistry",
            "addDelegate",
            alice.address,
            code32("consent"),
            each_world.dr_bose.address,
            60,
        )
    found = ledger.attributes(alice.address, DIRECTORY)
    assert [one.value for one in found] == [b"ipfs://one", b"ipfs://two"]
    assert ledger.latest_attribute(alice.address, DIRECTORY) == found[-1]
    assert found[-1].valid_to > ledger.head().timestamp and found[0].block < found[1].block


def test_attributes_orders_changes_of_one_block(world: World) -> None:
    """D-4: the latest log wins, also inside one block, where each log points to the block itself."""
    ledger, alice, rpc = world.ledger, world.actor(), world.ledger.connection.rpc
    values = [b"ipfs://%d" % i for i in range(3)]
    rpc.call("evm_setAutomine", False)
    try:
        for nonce, value in enumerate(values):
            data = ledger.connection.contracts["IdentityRegistry"].encode(
                "setAttribute", alice.address, code32(DIRECTORY), value, 3600
            )
            rpc.call("anvil_impersonateAccount", alice.address)
            rpc.call(
                "eth_sendTransaction",
                {
                    "from": alice.address,
                    "to": ledger.address_of("IdentityRegistry"),
                    "data": "0x" + data.hex(),
                    "nonce": hex(nonce),
                    "gas": hex(200_000),
                    "gasPrice": "0x0",
                },
            )
        rpc.call("evm_mine")
    finally:
        rpc.call("evm_setAutomine", True)
    found = ledger.attributes(alice.address, DIRECTORY)
    assert [one.value for one in found] == values
    assert len({one.block for one in found}) == 1
    assert ledger.latest_attribute(alice.address, DIRECTORY) == found[-1]


def test_anchors_are_complete_and_in_order_when_read_in_small_steps(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-1: the steps of a scan meet without gap or overlap."""
    first = world.ledger.head().number + 1
    roots = [secrets.token_bytes(32) for _ in range(7)]
    for root in roots:
        world.mercy_hospital.transact("RecordRegistry", "anchor", root, root, 1)
    last = world.ledger.head().number
    for step in (1, 2, 3, 4096):
        monkeypatch.setattr(logs, "STEP_BLOCKS", step)
        found = list(world.ledger.anchors(first, last))
        assert [one.root for one in found] == roots
        assert [one.block for one in found] == list(range(first, last + 1))
    assert list(world.ledger.anchors(last + 1, last)) == []


@pytest.mark.parametrize(
    "refusal", [RpcError(-32005, "limit exceeded", None), AnswerHuge("large"), AnswerLate("late")]
)
def test_anchors_are_asked_for_in_smaller_steps_where_a_node_refuses(
    world: World, monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    """H-9: by an error, by too much, by silence; never again as many as were refused."""
    first, root = world.ledger.head().number + 1, secrets.token_bytes(32)
    world.mercy_hospital.transact("RecordRegistry", "anchor", root, root, 1)
    world.ledger.connection.rpc.call("anvil_mine", hex(40))
    asked, batch = list[int](), RpcClient.batch

    def narrow(self: RpcClient, wanted: Any) -> Any:
        questions = list(wanted)
        for one in questions:
            if one.method == "eth_getLogs":
                asked.append(int(one.params[0]["toBlock"], 16) - int(one.params[0]["fromBlock"], 16) + 1)
                if asked[-1] > 6:
                    raise refusal
        return batch(self, questions)

    monkeypatch.setattr(RpcClient, "batch", narrow)
    assert [one.root for one in world.ledger.anchors(first, first + 40)] == [root]
    assert asked[0] == 41 and sum(one > 6 for one in asked) <= 3


def test_final_view_lags_by_the_depth_of_the_deployment(world: World) -> None:
    """K-3: with a depth, the final block is that many blocks behind the latest."""
    deployment = replace(world.ledger.connection.deployment, finality=2)
    ledger = ChainLedger(Connection(world.ledger.connection.rpc, deployment))
    root, author = secrets.token_bytes(32), world.mercy_hospital.address
    world.mercy_hospital.transact("RecordRegistry", "anchor", root, root, 1)
    call = ledger.anchor_call(author, root)
    views = ledger.evaluate_both([call])
    assert views.latest[0].get() is not None and views.final[0].get() is None
    for _ in range(2):
        world.ledger.connection.rpc.call("evm_mine")
    assert ledger.head() and ledger.evaluate([call], "final")[0].get() is not None


@pytest.mark.usefixtures("undone")
def test_committee_and_commits_are_found_by_root_and_by_number(each_world: World) -> None:
    """K-9, A-1, A-3, K-12: who sits where, and which commit covers a receipt."""
    ledger, consortium = each_world.ledger, each_world.consortium
    assert ledger.committee(10**6) is None
    keepers = [each_world.actor() for _ in range(3)]
    homes = [each_world.mercy_hospital.address, each_world.city_hospital.address, each_world.actor().address]
    consortium.transact("MemberRegistry", "admit", homes[2], f"Trustee {secrets.token_hex(4)}", "trustee")
    for home, chamber in zip(homes, Chamber, strict=True):
        consortium.transact("MemberSeat", "give", home, int(chamber))
    seats = [
        (one.address, homes[seat], int(chamber), f"http://127.0.0.1:{9000 + seat}", key)
        for seat, (one, chamber, key) in enumerate(
            zip(keepers, Chamber, (secrets.token_bytes(1216) for _ in range(3)), strict=True)
        )
    ]
    consortium.transact("KeeperCommittee", "publish", seats, 2)
    committee = ledger.committee()
    assert (
        committee is not None
        and committee.threshold == 2
        and committee == ledger.committee(committee.version)
    )
    assert [(one.seat, one.account, one.chamber) for one in committee.keepers] == [
        (seat, one.address, chamber) for seat, (one, chamber) in enumerate(zip(keepers, Chamber, strict=True))
    ]
    assert [one.sealing_key for one in committee.keepers] == [seat[4] for seat in seats]
    keeper: ChainSender = keepers[0]
    assert ledger.ask(ledger.keeper_call(keeper.address))
    assert not ledger.ask(ledger.keeper_call(each_world.dr_bose.address))
    roots = [secrets.token_bytes(32) for _ in range(2)]
    clock = ledger.audit_clock(keeper.address)
    assert (
        clock
        and clock.heard_at <= clock.now < clock.heard_at + clock.commit_within == clock.heard_at + 86_400
    )
    assert ledger.audit_clock(each_world.dr_bose.address) is None
    keeper.transact("AuditLog", "commit", roots[0], 0, 5)
    second = keeper.transact("AuditLog", "commit", roots[1], 5, 1)
    assert ledger.next_seq_of(keeper.address) == 6
    commit = ledger.receipts_commit(keeper.address, roots[1])
    assert commit is not None and (commit.first_seq, commit.count) == (5, 1)
    assert ledger.receipts_commit_of_seq(keeper.address, 5) == commit
    assert ledger.receipts_commit_of_seq(keeper.address, 6) is None
    assert ledger.receipts_commit(keepers[1].address, roots[1]) is None
    assert ledger.receipts_commit_in(second.hash) == (commit,)
    assert ledger.receipts_commit_in(secrets.token_bytes(32)) == ()
    anchored = each_world.mercy_hospital.transact("RecordRegistry", "anchor", roots[0], roots[0], 1)
    assert ledger.receipts_commit_in(anchored.hash) == ()


def test_attributes_says_when_an_identity_has_changed_too_often(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K-5: a walk back is bounded; where it starts may be given."""
    ledger, alice = world.ledger, world.actor()
    monkeypatch.setattr(history, "MAX_CHANGES", 3)
    blocks = [0]
    for value in (b"1", b"2", b"3", b"4"):
        alice.transact("IdentityRegistry", "setAttribute", alice.address, code32(DIRECTORY), value, 60)
        blocks += (ledger.evaluate([ledger.changed_call(alice.address)])[0].get(),)
    assert [one.value for one in ledger.attributes(alice.address, DIRECTORY, blocks[3])] == [b"1", b"2", b"3"]
    assert ledger.attributes(alice.address, DIRECTORY, 0) == ()
    assert blocks == sorted(set(blocks)) and ledger.latest_attribute(alice.address, DIRECTORY).value == b"4"
    alice.transact("IdentityRegistry", "setAttribute", alice.address, code32(DIRECTORY), b"5", 60)
    with pytest.raises(HistoryTooLong):
        ledger.attributes(alice.address, DIRECTORY)

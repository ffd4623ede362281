"""The chain as a gateway relays it to pages and wallets (W-13)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from consentry.chain.contracts import Contract
from consentry.domain import fields
from consentry.gateway.app import create_app
from consentry.services.chain_relay import MOST_AT_ONCE, RelayPorts
from consentry.services.pace import Pace, Room
from consentry.services.relayed_questions import MOST_BLOCKS, MOST_TOPICS
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World

WALLET = "chrome-extension://nkbihfbeogaeaoehlefnkodbefgpgknn"
SOMEBODY = "0x" + "ab" * 20


def post(world: World, body: Any, **headers: str) -> Any:
    return world.mercy.client.post("/api/chain", json=body, headers=headers)


def question(method: str, *params: Any, number: Any = 1) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}


def ask(world: World, method: str, *params: Any) -> Any:
    answer = post(world, question(method, *params))
    assert answer.status_code == 200 and answer.json["jsonrpc"] == "2.0" and answer.json["id"] == 1
    return answer.json


def contract(world: World, name: str) -> Contract:
    return world.ledger.connection.contracts[name]


def test_page_reads_the_chain_without_a_node_of_its_own(world: World) -> None:
    """W-13"""
    head = world.ledger.head()
    assert int(ask(world, "eth_chainId")["result"], 16) == world.ledger.chain_id
    assert int(ask(world, "net_version")["result"]) == world.ledger.chain_id
    assert int(ask(world, "eth_blockNumber")["result"], 16) >= head.number
    block = ask(world, "eth_getBlockByNumber", hex(head.number), False)["result"]
    assert block["hash"] == fields.to_hex(head.hash)
    registry = contract(world, "MemberRegistry")
    call = {"to": registry.address, "data": "0x" + registry.encode("memberCount").hex()}
    (count,) = registry.functions["memberCount"].decode(
        bytes.fromhex(ask(world, "eth_call", call, "latest")["result"][2:])
    )
    assert count == len(world.ledger.members())
    assert ask(world, "eth_getBalance", SOMEBODY)["result"] == "0x0"
    assert ask(world, "eth_getCode", registry.address, "latest")["result"].startswith("0x60")


def test_logs_are_given_of_the_consortiums_contracts_in_bounded_ranges(world: World) -> None:
    """W-13"""
    registry = contract(world, "MemberRegistry")
    topics = [fields.to_hex(registry.events["MemberAdmitted"].topic)]
    wanted = {"address": registry.address, "topics": topics, "fromBlock": "0x0", "toBlock": "latest"}
    logs = ask(world, "eth_getLogs", wanted)["result"]
    assert len(logs) == len(world.ledger.members())
    receipt = ask(world, "eth_getTransactionReceipt", logs[0]["transactionHash"])["result"]
    assert receipt["status"] == "0x1"
    one = {"address": [registry.address], "topics": [[*topics]], "blockHash": logs[0]["blockHash"]}
    assert ask(world, "eth_getLogs", one)["result"] == [
        log for log in logs if log["blockHash"] == logs[0]["blockHash"]
    ]
    long = wanted | {"toBlock": hex(MOST_BLOCKS)}
    assert ask(world, "eth_getLogs", long)["error"]["code"] == -32005


def test_revert_comes_with_its_data(world: World) -> None:
    """W-13: a page knows the contracts' errors by their selectors."""
    committees = contract(world, "KeeperCommittee")
    call = {"to": committees.address, "data": "0x" + committees.encode("keepersOf", 999).hex()}
    error = ask(world, "eth_call", call, "latest")["error"]
    assert (error["code"], error["message"]) == (3, "execution reverted")
    reverted = world.ledger.connection.reverts.decode(bytes.fromhex(error["data"][2:]))
    assert reverted.name == "CommitteeVersionUnknown"


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("eth_sendRawTransaction", ["0x00"], -32601),
        ("eth_sendTransaction", [{}], -32601),
        ("eth_accounts", [], -32601),
        ("evm_mine", [], -32601),
        ("debug_traceCall", [], -32601),
        (7, [], -32601),
        ("eth_chainId", ["more"], -32602),
        ("eth_chainId", {"a": 1}, -32602),
        ("eth_call", [], -32602),
        ("eth_call", ["0x"], -32602),
        ("eth_call", [{"to": SOMEBODY, "data": "0x"}], -32602),
        ("eth_call", [{"to": "OURS", "data": "0x1"}], -32602),
        ("eth_call", [{"to": "OURS", "data": "0x" + "00" * 70_000}], -32602),
        ("eth_call", [{"to": "OURS", "data": "0x", "input": "0x"}], -32602),
        ("eth_call", [{"to": "OURS", "data": "0x", "gas": "0xffffffff"}], -32602),
        ("eth_call", [{"to": "OURS", "data": "0x", "from": "me"}], -32602),
        ("eth_call", [{"to": "OURS", "data": "0x"}, "soon"], -32602),
        ("eth_call", [{"to": "OURS", "data": "0x"}, "latest", {SOMEBODY: {"code": "0x00"}}], -32602),
        ("eth_getBlockByNumber", ["latest", True], -32602),
        ("eth_getBlockByNumber", ["0x00", False], -32602),
        ("eth_getTransactionReceipt", ["0x12"], -32602),
        ("eth_getLogs", [{}], -32602),
        ("eth_getLogs", [{"address": SOMEBODY}], -32602),
        ("eth_getLogs", [{"address": []}], -32602),
        ("eth_getLogs", [{"address": "OURS", "topics": ["0x12"]}], -32602),
        ("eth_getLogs", [{"address": "OURS", "topics": [None] * 5}], -32602),
        ("eth_getLogs", [{"address": "OURS", "topics": [["0x" + "00" * 32] * (MOST_TOPICS + 1)]}], -32602),
        ("eth_getLogs", [{"address": "OURS", "fromBlock": 1}], -32602),
        ("eth_getLogs", [{"address": "OURS", "fromBlock": "0x0", "blockHash": "0x" + "00" * 32}], -32602),
        ("eth_getLogs", [{"address": "OURS", "more": 1}], -32602),
    ],
)
def test_whatever_is_not_a_bounded_read_is_refused(world: World, method: Any, params: Any, code: int) -> None:
    """W-13: what a node would do for its operator it does not do for everybody."""
    ours = contract(world, "MemberRegistry").address

    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: named(one) for key, one in value.items()}
        return ours if value == "OURS" else value

    before = world.ledger.head()
    body = {"jsonrpc": "2.0", "id": "a", "method": method, "params": params}
    if isinstance(params, list):
        body["params"] = [named(one) for one in params]
    answer = post(world, body)
    assert answer.status_code == 200 and answer.json["id"] == "a"
    assert answer.json["error"]["code"] == code and answer.json["error"]["message"]
    assert world.ledger.head() == before


def test_batches_are_answered_in_order_and_bounded(world: World) -> None:
    """W-13: a broken one spoils no other."""
    asked: list[Any] = [
        question("eth_chainId", number=7),
        5,
        question("eth_mining", number="x"),
        {"jsonrpc": "2.0"},
    ]
    told = post(world, asked).json
    assert [one["id"] for one in told] == [7, None, "x", None]
    assert [one.get("error", {}).get("code") for one in told] == [None, -32600, -32601, -32600]
    whole = [question("eth_blockNumber", number=number) for number in range(MOST_AT_ONCE)]
    assert [one["id"] for one in post(world, whole).json] == list(range(MOST_AT_ONCE))
    for body in (
        [],
        [*whole, whole[0]],
        "x",
        question("eth_chainId", number=None),
        question("eth_chainId", number=True),
    ):
        told = post(world, body).json
        assert (told["id"], told["error"]["code"]) == (None, -32600)
    raw = world.mercy.client.post("/api/chain", data=b"{", content_type="application/json").json
    assert (raw["id"], raw["error"]["code"]) == (None, -32700)
    assert code_of(world.mercy.client.post("/api/chain", data=b"{}")) == "media-type-unsupported"


def test_wallets_and_other_members_pages_may_ask(world: World) -> None:
    """W-13: of any origin, without cookies; every other route stays closed to them."""
    for origin in (WALLET, "https://another.example"):
        answer = post(world, question("eth_chainId"), Origin=origin)
        assert answer.status_code == 200 and answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        before = world.mercy.client.options("/api/chain", headers={"Origin": origin})
        assert before.status_code == 200 and "POST" in before.headers["Access-Control-Allow-Methods"]
        other = world.mercy.client.post("/api/sign-in/challenges", json={}, headers={"Origin": origin})
        assert code_of(other) == "origin-foreign" and "Access-Control-Allow-Origin" not in other.headers


def relaying(world: World, ports: RelayPorts) -> Any:
    page = replace(world.mercy.gateway.page, relay=ports)
    return create_app(replace(world.mercy.gateway, page=page)).test_client()


def test_asking_too_often_is_refused(world: World) -> None:
    """W-13: by network address, each question of a batch, and by how many are under way."""
    own, one = world.mercy.gateway.page.relay, question("eth_chainId")
    paced = relaying(world, replace(own, pace=Pace(0.001, 2)))
    assert [paced.post("/api/chain", json=one).status_code for _ in range(3)] == [200, 200, 429]
    whole = [one] * MOST_AT_ONCE
    batched = relaying(world, replace(own, pace=Pace(0.001, 2 * MOST_AT_ONCE + 1)))
    codes = [batched.post("/api/chain", json=body).status_code for body in (whole, whole, whole, one)]
    assert codes == [200, 200, 429, 200]
    full = Room(1, seconds=0.01)
    leave = full.enter()
    crowded = relaying(world, replace(own, room=full))
    refused = crowded.post("/api/chain", json=question("eth_chainId"))
    told = refused.status_code, code_of(refused), refused.headers["Retry-After"]
    assert told == (429, "rate-limited", "1")
    leave()
    assert crowded.post("/api/chain", json=question("eth_chainId")).status_code == 200

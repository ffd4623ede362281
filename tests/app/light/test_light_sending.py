"""Transactions through another member's endpoint (H-80)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from secrets import token_bytes
from threading import Event
from typing import Any

import pytest
from eth_account import Account

from consentry.chain import attempts
from consentry.chain.connection import Connection, quantity
from consentry.chain.rpc import Request, RpcError
from consentry.chain.sender import ChainSender, Until
from consentry.errors import ChainStale, ChainUnproven, TransactionReverted
from tests.app.chain.world import grant_tuple
from tests.app.light.conftest import Clinic
from tests.app.light.endpoint import honest


def sender_of(clinic: Clinic, book: Path, wait_seconds: float = 5.0) -> ChainSender:
    """Somebody new who has nothing but the endpoint."""
    connection = Connection(clinic.rpc(book), clinic.deployment)
    return ChainSender(connection, token_bytes(32), wait_seconds=wait_seconds, until=Until.MINED)


def test_a_consent_is_granted_and_its_receipt_proven(clinic: Clinic, tmp_path: Path) -> None:
    """H-80: and what a contract refuses is known before anything is sent."""
    patient = sender_of(clinic, tmp_path / "book")
    grant = grant_tuple(clinic.world.consent(patient).grant())
    receipt = patient.transact("ConsentRegistry", "grant", grant)
    assert [log.event for log in receipt.logs] == ["ConsentGranted"]
    told = clinic.world.ledger.connection.rpc.call("eth_getTransactionReceipt", "0x" + receipt.hash.hex())
    assert (receipt.block, receipt.gas_used) == (quantity(told["blockNumber"]), quantity(told["gasUsed"]))
    clinic.endpoint.asked.clear()
    with pytest.raises(TransactionReverted) as refusal:
        patient.transact("ConsentRegistry", "grant", grant)
    assert refusal.value.name.startswith("Consent")
    assert "eth_sendRawTransaction" not in {one.method for one in clinic.endpoint.asked}


def test_gas_is_estimated_here_and_is_enough(clinic: Clinic, tmp_path: Path) -> None:
    """H-80: near what a node says."""
    patient = sender_of(clinic, tmp_path / "book")
    world, registry = clinic.world, clinic.world.ledger.connection.contracts["ConsentRegistry"]
    data = registry.encode("grant", grant_tuple(world.consent(patient).grant()))
    call = {"from": patient.address, "to": registry.address, "data": "0x" + data.hex()}
    here = quantity(clinic.rpc().call("eth_estimateGas", call))
    there = quantity(world.ledger.connection.rpc.call("eth_estimateGas", call))
    assert there * 0.98 < here < there * 1.3


@pytest.mark.parametrize("said", ["another's", "of another block"])
def test_a_receipt_that_is_not_the_transactions_is_unproven(
    clinic: Clinic, tmp_path: Path, said: str
) -> None:
    """H-80: the endpoint shows one of a block that has another transaction, and nothing is taken for done."""
    patient = sender_of(clinic, tmp_path / "book", wait_seconds=1.0)
    clinic.world.mercy_hospital.transact("RecordRegistry", "anchor", token_bytes(32), token_bytes(32), 1)
    other = clinic.world.ledger.head()
    shown = clinic.endpoint.sealed(other.number)

    def lie(request: Request, result: Any) -> Any:
        if request.method == "eth_sendRawTransaction":
            return "0x" + "00" * 32
        if request.method == "eth_getTransactionReceipt":
            number = other.number if said == "another's" else 0
            return {"blockNumber": hex(number), "blockHash": shown["hash"], "status": "0x1"}
        return result

    clinic.endpoint.lie = lie
    with pytest.raises((ChainUnproven, ChainStale)):
        patient.transact("ConsentRegistry", "grant", grant_tuple(clinic.world.consent(patient).grant()))


def test_a_refusal_and_counts_out_of_bounds_prove_nothing(clinic: Clinic, tmp_path: Path) -> None:
    """H-80: the proven count is told whatever the endpoint says waits."""
    rpc = clinic.rpc(tmp_path / "book")
    account = clinic.world.mercy_hospital.address
    proven = quantity(rpc.call("eth_getTransactionCount", account, "latest"))
    node = clinic.world.ledger.connection.rpc
    assert proven == quantity(node.call("eth_getTransactionCount", account, "latest")) > 0
    raw = Account.from_key(token_bytes(32)).sign_transaction(
        {"to": bytes.fromhex(account[2:]), "nonce": 0, "gas": 21_000, "gasPrice": 0, "value": 0, "chainId": 1}
    )
    for said, result in ((0, hex(proven)), (proven + 3, hex(proven + 3)), (proven + 65, None)):
        clinic.endpoint.lie = lambda request, result, said=said: (
            hex(said) if request.method == "eth_getTransactionCount" else result
        )
        if result is None:
            with pytest.raises(ChainUnproven, match="wait"):
                rpc.call("eth_getTransactionCount", account, "pending")
        else:
            assert rpc.call("eth_getTransactionCount", account, "pending") == result
    clinic.endpoint.lie = lambda request, result: (
        RpcError(-32000, "nonce too low", None) if request.method == "eth_sendRawTransaction" else result
    )
    told = rpc.call("eth_sendRawTransaction", "0x" + raw.raw_transaction.hex())
    assert told == "0x" + raw.hash.hex(), "as one that was taken: blocks tell"
    clinic.endpoint.lie = honest
    with pytest.raises(ChainUnproven, match="cannot be proven"):
        rpc.call("eth_newFilter", {})


def test_a_transaction_that_takes_long_is_sent_again_and_done(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-80: what an endpoint says of one that it has already ends nothing, nor does a receipt that it refuses meanwhile."""
    monkeypatch.setattr(attempts, "PUSH_SECONDS", 0.1)
    patient, node = sender_of(clinic, tmp_path / "book", 60.0), clinic.world.ledger.connection.rpc
    grant = grant_tuple(clinic.world.consent(patient).grant())
    sent, looked = Event(), count()

    def odd(request: Request, result: Any) -> Any:
        if request.method == "eth_sendRawTransaction" and isinstance(result, RpcError):
            sent.set()  # the second time
        if request.method == "eth_getTransactionReceipt" and next(looked) < 2:
            return RpcError(-32000, "not now", None)
        return result

    node.call("evm_setAutomine", False)
    try:
        with ThreadPoolExecutor(1) as threads:
            clinic.endpoint.lie = odd
            granting = threads.submit(patient.transact, "ConsentRegistry", "grant", grant)
            assert sent.wait(60)
            assert not granting.done()
            node.call("evm_mine")
            assert [log.event for log in granting.result(60).logs] == ["ConsentGranted"]
    finally:
        node.call("evm_setAutomine", True)


def test_a_refusal_before_it_is_sent_is_no_contracts_revert(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-80, H-86: whoever sends is told what the chain did, not what the endpoint says in place of a block's number."""
    monkeypatch.setattr(attempts, "PUSH_SECONDS", 0.1)
    patient = sender_of(clinic, tmp_path / "book", 60.0)
    counted: list[Request] = []

    def odd(request: Request, result: Any) -> Any:
        if request.method == "eth_getTransactionCount":
            counted.append(request)
        if request.method == "eth_blockNumber" and len(counted) == 1:
            counted.append(request)
            return RpcError(3, "execution reverted", "0x08c379a0")
        return result

    clinic.endpoint.lie = odd
    receipt = patient.transact("ConsentRegistry", "grant", grant_tuple(clinic.world.consent(patient).grant()))
    assert [log.event for log in receipt.logs] == ["ConsentGranted"] and len(counted) > 1

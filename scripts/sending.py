"""Transactions of the deployer: sent at no price, awaited, never taken for done when they failed."""

from __future__ import annotations

import sys
from typing import Any

from brownie import web3

from scripts import settings

RECEIPT_SECONDS = 120


def send(sender: Any, data: str, to: str | None = None) -> str:
    """Send without waiting; returns the transaction's hash."""
    transaction = sender.transfer(
        to=to, data=data, gas_price=settings.GAS_PRICE, required_confs=0, silent=True
    )
    return transaction.txid


def confirm(transaction: str) -> Any:
    """Wait for the receipt. Exits when the transaction failed."""
    receipt = web3.eth.wait_for_transaction_receipt(transaction, timeout=RECEIPT_SECONDS)
    if receipt["status"] != 1:
        sys.exit(f"Transaction {transaction} failed: nothing is recorded, run it again.")
    return receipt


def call(sender: Any, contract: Any, function: str, *arguments: Any) -> Any:
    """Call one function of a contract and wait for its receipt."""
    data = getattr(contract, function).encode_input(*arguments)
    return confirm(send(sender, data, contract.address))

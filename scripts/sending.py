"""Transactions of the deployer: sent at no price, awaited, never taken for done when they failed."""

from __future__ import annotations

import sys
import time
from typing import Any

from brownie import web3
from web3.exceptions import BlockNotFound

from scripts import settings

RECEIPT_SECONDS = 120
LOOK_SECONDS = 0.2
FINALIZED_SECONDS = 1_800
"""Ethereum's own rule takes 13 to 20 minutes."""


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


def settle(finality: str | dict[str, int]) -> None:
    """Wait until what is in the newest block is final by this rule of the deployment. Exits when the blocks don't follow."""
    most = FINALIZED_SECONDS if finality == "finalized" else RECEIPT_SECONDS
    block, ends = web3.eth.block_number, time.monotonic() + most
    while _final(finality) < block:
        if time.monotonic() > ends:
            sys.exit(
                f"Block {block} is not final after {most} s: do blocks follow it? Run it again when they do."
            )
        time.sleep(LOOK_SECONDS)


def _final(finality: str | dict[str, int]) -> int:
    if isinstance(finality, dict):
        return int(web3.eth.block_number) - finality["depth"]
    try:
        return int(web3.eth.get_block("finalized" if finality == "finalized" else "latest")["number"])
    except BlockNotFound:  # a young chain has no final block yet
        return -1

"""Start Brownie 1.22.2 without two of its ways that stumble here.

Its registers of what is deployed on live networks are in its way. One fails over every contract of a project (`_add_deployment`
wants a dict of sources and gets a `Sources`) and prints a traceback for each deployment. The other is a file of the project that
every process writes anew when it connects: another one that connects then reads half of it. Nothing of ours reads them: what is
deployed where stands in deployments/<chain>.json.

It calls a transaction dropped when the node counts its nonce but does not show its receipt yet (anvil under load), and looks
again only after a second when a node needs a moment to mine.
"""

from __future__ import annotations

import sys
import time

from brownie._cli.__main__ import main
from brownie.network import contract, web3
from brownie.network.transaction import TransactionReceipt
from brownie.project.main import Project
from web3.exceptions import TransactionNotFound

POLL_SECONDS = 0.02
SHOWN_WITHIN_SECONDS = 10.0

_await_confirmation = TransactionReceipt._await_confirmation


def forget_deployment(*_: object) -> None:
    """Stand in for whatever keeps or reads those registers."""


def await_shown(
    receipt: TransactionReceipt, block_number: int | None = None, required_confs: int = 1
) -> None:
    """Give the node a while to show the receipt, then go on as `TransactionReceipt._await_confirmation` does."""
    shown_by = time.monotonic() + SHOWN_WITHIN_SECONDS
    while time.monotonic() < shown_by:
        try:
            web3.eth.get_transaction_receipt(receipt.txid)
            break
        except TransactionNotFound:
            time.sleep(POLL_SECONDS)
    _await_confirmation(receipt, block_number, required_confs)


contract._add_deployment = forget_deployment
contract.ProjectContract._save_deployment = forget_deployment
Project._load_deployments = forget_deployment
TransactionReceipt._await_confirmation = await_shown

if __name__ == "__main__":
    sys.exit(main())

"""What keeping transactions costs: anchors by a sender with its book against plain transfers on the same chain, per gas."""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount

from benchmarks.measuring import table
from consentry.chain.connection import Connection, quantity
from consentry.chain.sender import ChainSender
from consentry.index.sendings import SqlSendings
from consentry.network.run import Network

AT_ONCE, EACH, ROUNDS = 8, 200, 3
SLUG = "mercy"
TRANSFER_GAS = 21_000
POLL_SECONDS = 0.004


def run(network: Network) -> None:
    """Rounds of both, one after the other, so that a busy machine slows both; the best of each counts."""
    for step in (network.start_engines, network.deploy, network.admit_members):
        step()
    connection = network.connection
    key = network.place.read_keys(network.place.member(SLUG) / "gateway.keystore")["account"]
    with tempfile.TemporaryDirectory() as folder:
        book = SqlSendings(Path(folder) / "sendings.sqlite", connection.deployment.genesis)
        kept = ChainSender(connection, key, sendings=book)
        bare = ChainSender(connection, key)
        ways: dict[str, Callable[[], int]] = {
            "plain transfers": _transfers(connection),
            "anchors, nothing kept": lambda: _anchor(bare),
            "anchors, kept on disk first": lambda: _anchor(kept),
        }
        best = dict.fromkeys(ways, (0.0, 0.0, 0.0))
        for _ in range(ROUNDS):
            for name, one in ways.items():
                best[name] = max(best[name], _measured(one))
        book.close()
    plain = best["plain transfers"][0]
    rows = [
        (name, f"{rate:.0f}", f"{gas / 1e6:.1f}", f"{1000 * own:.1f}", f"{gas / (plain * TRANSFER_GAS):.2f}")
        for name, (rate, gas, own) in best.items()
    ]
    columns = ("way", "a second", "million gas a second", "own processor ms each", "per gas")
    table(f"sending: {EACH} each, {AT_ONCE} at once (goal: per gas 0.6 of plain transfers)", columns, rows)


def _measured(one: Callable[[], int]) -> tuple[float, float, float]:
    """How many a second, how much gas a second, and processor seconds of this process for each."""
    began, own = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        gas = sum(pool.map(lambda _: one(), range(EACH)))
    seconds = time.perf_counter() - began
    return EACH / seconds, gas / seconds, (time.process_time() - own) / EACH


def _anchor(sender: ChainSender) -> int:
    root = secrets.token_bytes(32)
    return sender.transact("RecordRegistry", "anchor", root, root, 1).gas_used


def _transfers(connection: Connection) -> Callable[[], int]:
    """Of a new account to itself: signed, sent, and waited for, with nothing else around it."""
    account: LocalAccount = Account.create()
    nonces = count()

    def transfer() -> int:
        signed = account.sign_transaction(
            {
                "chainId": connection.deployment.chain_id,
                "nonce": next(nonces),
                "to": account.address,
                "value": 0,
                "gas": TRANSFER_GAS,
                "gasPrice": 0,
            }
        )
        sent = connection.rpc.call("eth_sendRawTransaction", "0x" + bytes(signed.raw_transaction).hex())
        while (receipt := connection.rpc.call("eth_getTransactionReceipt", sent)) is None:
            time.sleep(POLL_SECONDS)
        return quantity(receipt["gasUsed"])

    return transfer

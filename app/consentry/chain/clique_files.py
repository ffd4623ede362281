"""What a sealer of a Clique chain (EIP-225) finds on disk: keys, first block, whom to connect to."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from eth_account import Account

from consentry.errors import ChainUnreachable

# A block over half full raises the base fee from zero to one wei, for good: so no block ever is.
GAS_LIMIT: Final = 10**11
_SIGNATURE_BYTES: Final = 65
_EXTRA_BYTES: Final = 32
_LONDON = (
    "homestead",
    "eip150",
    "eip155",
    "eip158",
    "byzantium",
    "constantinople",
    "petersburg",
    "istanbul",
    "berlin",
    "london",
)


def key(path: Path) -> bytes:
    """A secp256k1 key of this file (64 hex digits), made when there is none."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(Account.create().key.hex().removeprefix("0x"))
    return bytes.fromhex(path.read_text("ascii"))


def genesis(sealers: Sequence[str], chain_id: int, period_seconds: int) -> dict[str, Any]:
    """EIP-225: the first sealers stand in `extraData`, between 32 bytes of nothing and an empty signature, in order.

    `sealers`: their accounts. `period_seconds`: between blocks.
    """
    accounts = sorted(bytes.fromhex(account[2:]) for account in sealers)
    extra = bytes(_EXTRA_BYTES) + b"".join(accounts) + bytes(_SIGNATURE_BYTES)
    forks: dict[str, Any] = {f"{fork}Block": 0 for fork in _LONDON}
    return {
        "config": forks | {"chainId": chain_id, "clique": {"period": period_seconds, "epoch": 30_000}},
        "difficulty": "0x1",
        "gasLimit": hex(GAS_LIMIT),
        "baseFeePerGas": "0x0",
        "extraData": "0x" + extra.hex(),
        "alloc": {},
    }


def toml(chain_id: int, listen_port: int, enodes: Sequence[str]) -> str:
    """What geth takes from a file alone: whom to connect to, and where to listen."""
    others = ", ".join(json.dumps(enode) for enode in enodes)
    return (
        f"[Eth]\nNetworkId = {chain_id}\n\n[Node.P2P]\n"
        f'ListenAddr = "127.0.0.1:{listen_port}"\nStaticNodes = [{others}]\nMaxPeers = 25\nNoDiscovery = true\n'
    )


def initialise(binary: Path, at: Path, first_block: Path, seconds: float) -> None:
    """An empty chain, and the account in geth's own key store under a passphrase that lies beside it.

    Each step may take so many seconds. Raises ChainUnreachable.
    """
    passphrase = at / "passphrase"
    passphrase.write_text(secrets.token_hex(16) + "\n", "ascii")
    passphrase.chmod(0o600)
    data = str(at / "data")
    steps = (
        ["init", "--datadir", data, "--state.scheme", "hash", str(first_block)],
        [
            "account",
            "import",
            "--lightkdf",
            "--datadir",
            data,
            "--password",
            str(passphrase),
            str(at / "account.key"),
        ],
    )
    try:
        for step in steps:
            subprocess.run([str(binary), *step], check=True, capture_output=True, timeout=seconds)
    except (OSError, subprocess.SubprocessError) as problem:
        shutil.rmtree(at / "data", ignore_errors=True)  # half made, it would be taken for a chain
        raise ChainUnreachable(f"geth cannot make the chain's first block: {problem}") from None

"""Five wallets: eth-account here, viem, ethers and @metamask/eth-sig-util in Node, and Foundry's cast."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from tests.typed_data.cases import portable
from tests.typed_data.structs import ROOT

SCRIPT = Path(__file__).with_name("sign.mjs")
CAST = ROOT / "node_modules" / ".bin" / "cast"
SECONDS = 120


class Signed(NamedTuple):
    """In hex."""

    digest: str
    signature: str


def by_eth_account(key: bytes, cases: list[dict[str, Any]]) -> list[Signed]:
    found = []
    for data in cases:
        signable = encode_typed_data(full_message=data)
        digest = keccak(b"\x19" + signable.version + signable.header + signable.body)
        signature = Account.sign_message(signable, key).signature
        found.append(Signed("0x" + digest.hex(), "0x" + bytes(signature).hex()))
    return found


def by_node(key: bytes, cases: list[dict[str, Any]]) -> dict[str, list[Signed]]:
    """Of each library of sign.mjs."""
    question = json.dumps({"privateKey": "0x" + key.hex(), "cases": portable(cases)})
    answers = json.loads(_run(["node", str(SCRIPT)], question))
    return {name: [Signed(**one) for one in signed] for name, signed in answers.items()}


def by_cast(key: bytes, cases: list[dict[str, Any]], folder: Path) -> list[str]:
    """Signatures: cast shows no digest. ECDSA is deterministic here (RFC 6979), so that equal ones had equal digests."""

    def sign(numbered: tuple[int, dict[str, Any]]) -> str:
        number, data = numbered
        path = folder / f"{number}.json"
        path.write_text(json.dumps(portable(data)), "utf-8")
        command = [str(CAST), "wallet", "sign", "--private-key", "0x" + key.hex(), "--data", "--from-file"]
        return _run([*command, str(path)]).strip()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(sign, enumerate(cases)))


def _run(command: list[str], given: str = "") -> str:
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout

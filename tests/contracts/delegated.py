"""Code at a key's own account, as EIP-7702 delegates it."""

from __future__ import annotations

from typing import Any

from brownie import web3


def delegate_code(account: str, wallet: Any) -> None:
    """`account` answers as the wallet contract does. Ganache is older than EIP-7702: it gets the same code itself."""
    if "anvil" in web3.client_version.lower():
        put_code(account, "0xef0100" + wallet.address[2:])
    else:
        put_code(account, "0x" + bytes(web3.eth.get_code(wallet.address)).hex())


def put_code(account: str, code: str) -> None:
    """Put code at an address; "0x" for none."""
    method = "anvil_setCode" if "anvil" in web3.client_version.lower() else "evm_setAccountCode"
    answer = web3.provider.make_request(method, [str(account), code])
    assert "error" not in answer, answer

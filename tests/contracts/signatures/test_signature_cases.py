"""The suite knows every signed function, and the chain id counts at the time of use (C-2, I-3, I-8)."""

from typing import Any

import pytest
from brownie import web3
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from tests.contracts.signatures.cases import CASES, FOREIGN

FORKED = 4242


def signed_functions(contract: Any) -> set[str]:
    """Functions that write and take a signature, or several."""
    return {
        f"{contract._name}.{entry['name']}"
        for entry in contract.abi
        if entry["type"] == "function"
        and entry["stateMutability"] == "nonpayable"
        and any(one["name"].lower().endswith(("signature", "signatures")) for one in entry["inputs"])
    }


def test_every_signed_function_is_in_the_suite(deployed):
    """I-8"""
    found = set().union(*(signed_functions(one) for one in vars(deployed).values()))
    assert found - FOREIGN == {one.function for one in CASES}
    assert found >= FOREIGN


@pytest.fixture
def ask(case, world, alice):
    case.prepare(world, alice.address)
    return case.ask(world, alice.address)


def test_no_separator_is_part_of_the_code(ask):
    """C-2: it is computed from the chain id when used"""
    separator = encode_typed_data(full_message=ask.typed).header
    code = bytes(web3.eth.get_code(ask.typed["domain"]["verifyingContract"]))
    assert len(separator) == 32
    assert separator not in code


@pytest.fixture
def fork(is_anvil):
    """Give the chain another id where a node can; returns the id signatures must name from then on."""
    own = web3.eth.chain_id

    def fork():
        if not is_anvil:
            return own
        assert "error" not in web3.provider.make_request("anvil_setChainId", [FORKED])
        return FORKED

    yield fork
    if is_anvil:
        web3.provider.make_request("anvil_setChainId", [own])


def accepted(ask, signature):
    """Whether the contract would take the call: a call names no chain, so a node answers it under any id."""
    target = ask.typed["domain"]["verifyingContract"]
    try:
        web3.eth.call({"from": str(ask.relayer), "to": target, "data": ask.encoded(signature)})
    except ValueError as refused:
        types = ",".join("bytes32" if len(one) == 66 else "address" for one in ask.refused[1:])
        selector = "0x" + keccak(text=f"{ask.refused[0]}({types})")[:4].hex()
        assert selector in str(refused)
        return False
    return True


def test_signed_call_follows_the_chain_when_it_forks(case, ask, alice, fork, is_anvil):
    """C-2"""
    before = alice.sign(ask.typed)
    assert accepted(ask, before)
    domain = ask.typed["domain"] | {"chainId": fork()}
    after = alice.sign(ask.typed | {"domain": domain})
    if case.survives_fork or not is_anvil:
        assert accepted(ask, after)
    assert accepted(ask, before) is not is_anvil

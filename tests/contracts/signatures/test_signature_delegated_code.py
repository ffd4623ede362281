"""Accounts with delegated code (EIP-7702): the key signs as ever, and the code answers too (I-8).

Anvil takes the real transaction; Ganache, older than EIP-7702, gets the same code put at the account.
"""

import pytest
from brownie import web3
from eth_account import Account

from tests.contracts.reverts import reverts_with

TYPE_4_GAS = 200_000


@pytest.fixture
def delegate_code(is_anvil, set_code, wallet, mallory):
    """Gives an account the wallet's code; mallory, who is nobody, sends the transaction."""

    def sent(person, target):
        authorization = Account.sign_authorization(
            {
                "chainId": web3.eth.chain_id,
                "address": target,
                "nonce": web3.eth.get_transaction_count(person.address),
            },
            person.key,
        )
        signed = Account.sign_transaction(
            {
                "type": 4,
                "chainId": web3.eth.chain_id,
                "nonce": web3.eth.get_transaction_count(mallory.address),
                "to": person.address,
                "value": 0,
                "gas": TYPE_4_GAS,
                "maxFeePerGas": 0,
                "maxPriorityFeePerGas": 0,
                "data": b"",
                "accessList": [],
                "authorizationList": [authorization],
            },
            mallory.key,
        )
        receipt = web3.eth.wait_for_transaction_receipt(web3.eth.send_raw_transaction(signed.raw_transaction))
        code = bytes(web3.eth.get_code(person.address)).hex()
        assert code == ("ef0100" + target[2:].lower() if int(target, 16) else ""), receipt

    def put(person, target):
        set_code(person.address, "0x" + bytes(web3.eth.get_code(target)).hex())

    return sent if is_anvil else put


@pytest.fixture
def ask(case, world, alice, wallet, delegate_code):
    """The call, with alice as signatory, whose account has the wallet's code by now."""
    case.prepare(world, alice.address)
    delegate_code(alice, wallet.address)
    return case.ask(world, alice.address)


def test_signed_call_works_when_the_accounts_key_signed(case, ask, alice):
    """I-8"""
    assert case.event in ask.send(alice.sign(ask.typed)).events


def test_signed_call_works_when_the_accounts_code_accepts(case, ask, owner):
    """I-8"""
    assert case.event in ask.send(owner.sign(ask.typed)).events


def test_signed_call_reverts_when_neither_key_nor_code_accepts(ask, alice, mallory):
    """I-8, C-4"""
    for signature in (mallory.sign(ask.typed), alice.sign(ask.typed)[:64], bytes(65), b""):
        with reverts_with(*ask.refusal(signature)):
            ask.send(signature)


def test_signed_call_works_once_when_both_sign(ask, alice, owner):
    """I-3, I-8: two signatures are not two changes"""
    by_code = owner.sign(ask.typed)
    ask.send(alice.sign(ask.typed))
    with reverts_with(*ask.replayed):
        ask.send(by_code)


def test_signed_call_reverts_when_the_code_was_taken_back(
    ask, alice, owner, delegate_code, set_code, is_anvil
):
    """I-8"""
    if is_anvil:
        delegate_code(alice, "0x" + "00" * 20)
    else:
        set_code(alice.address, "0x")
    with reverts_with(*ask.refused):
        ask.send(owner.sign(ask.typed))
    ask.send(alice.sign(ask.typed))

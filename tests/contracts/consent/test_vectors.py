"""The shared EIP-712 vectors against the contracts and a wallet library (C-1, C-2, I-3)."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from eth_account import Account

from tests.contracts.calls import view
from tests.contracts.consents import terms_tuple
from tests.contracts.typed import digest

FOLDER = Path(__file__).resolve().parents[2] / "vectors"
TERMS, TYPED = (
    json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) for name in ("terms", "typed")
)


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def typed(message, domain=None):
    whole = TERMS["typedData"]
    return whole | {"message": message, "domain": domain or whole["domain"]}


@pytest.mark.parametrize("vector", TERMS["valid"])
def test_wallet_signs_the_vector_when_consent(libraries, vector):
    """C-1, C-4"""
    assert "0x" + digest(typed(vector["message"])).hex() == vector["consentId"]
    signer = Account.from_key(TERMS["privateKey"]).address
    assert libraries.recover(vector["consentId"], vector["signature"]) == signer


@pytest.mark.parametrize("vector", TERMS["valid"])
def test_contract_hashes_the_vector_when_consent(deployed, vector):
    """C-1, C-2"""
    registry, message = deployed.ConsentRegistry, vector["message"]
    assert "0x" + view(registry, "hashTerms", terms_tuple(message["terms"])).hex() == vector["termsHash"]
    times = [seconds(message[name]) for name in ("validFrom", "validUntil", "relayBefore")]
    _, name, version, chain, contract, *_ = registry.eip712Domain()
    here = {"name": name, "version": version, "chainId": int(chain), "verifyingContract": str(contract)}
    consent_id = view(registry, "consentIdOf", (message["patient"], vector["termsHash"], *times))
    assert consent_id == digest(typed(message, here))


@pytest.mark.parametrize("vector", TYPED["cases"], ids=lambda vector: vector["typedData"]["primaryType"])
def test_wallet_signs_the_vector_when_revocation_or_identity(libraries, vector):
    """C-3, I-3"""
    assert "0x" + digest(vector["typedData"]).hex() == vector["digest"]
    signer = Account.from_key(TYPED["privateKey"]).address
    assert libraries.recover(vector["digest"], vector["signature"]) == signer

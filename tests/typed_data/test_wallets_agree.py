"""Whichever wallet a person uses, the same bytes are signed: five libraries, random messages of every struct (C-1, C-4, I-3)."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from consentry.domain import eip712
from consentry.errors import LayoutInvalid
from tests.typed_data.cases import CASES, cases_of
from tests.typed_data.signers import by_cast, by_eth_account, by_node
from tests.typed_data.structs import DOMAIN, all_structs, from_app, from_contracts

KEY = sha256(b"consentry: a wallet of five kinds").digest()
STRUCTS = all_structs()
OWN = from_app()


@pytest.mark.parametrize("primary", sorted(STRUCTS))
def test_wallets_sign_the_same_bytes_when_message_is_any(primary: str, tmp_path: Path) -> None:
    """C-1, C-4, I-3"""
    cases = cases_of(primary, STRUCTS[primary])
    assert len(cases) == CASES >= 20
    expected = by_eth_account(KEY, cases)
    assert len(set(expected)) == len(cases)
    assert by_node(KEY, cases) == dict.fromkeys(("viem", "ethers", "eth-sig-util"), expected)
    assert by_cast(KEY, cases, tmp_path) == [one.signature for one in expected]


@pytest.mark.parametrize("primary", sorted(set(STRUCTS) & set(OWN)))
def test_our_digest_is_the_wallets_when_message_is_any(primary: str) -> None:
    """C-1: the app's own encoder, which keepers and gateways trust, against eth-account's."""
    cases = cases_of(primary, STRUCTS[primary])
    wallets = [one.digest for one in by_eth_account(KEY, cases)]
    assert ["0x" + eip712.digest(one).hex() for one in cases] == wallets


@pytest.mark.parametrize("primary", sorted(set(from_contracts()) & set(OWN)))
def test_app_writes_types_as_the_contract_does(primary: str) -> None:
    """C-1, I-3"""
    types = from_contracts()[primary]
    assert eip712.encode_type(primary, OWN) == eip712.encode_type(primary, types)


def test_one_letter_makes_another_signature() -> None:
    """The comparison can fail: a member's type, a domain's word, a value."""
    (case, *_) = cases_of("Revocation", STRUCTS["Revocation"])[2:]
    changes: list[dict[str, Any]] = [
        {**case, "message": case["message"] | {"statement": case["message"]["statement"] + "."}},
        {**case, "domain": case["domain"] | {"version": "2"}},
        {**case, "types": case["types"] | {"Revocation": case["types"]["Revocation"][::-1]}},
    ]
    assert len({one.digest for one in by_eth_account(KEY, [case, *changes])}) == 4


def test_our_encoder_refuses_what_a_wallet_library_would_guess() -> None:
    """C-1: a short salt, a missing member; eth-account pads the one and takes the other for zero."""
    case = cases_of("Revocation", STRUCTS["Revocation"])[2]
    short = case | {"message": case["message"] | {"consentId": "0x11"}}
    gone = case | {"message": {name: one for name, one in case["message"].items() if name != "patient"}}
    for wrong in (short, gone):
        with pytest.raises(LayoutInvalid):
            eip712.digest(wrong)
    assert DOMAIN in case["types"]

"""Headers that real chains made: hashes, seals and who signed them (H-57, H-58). Where each is from stands in headers.json."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rlp

from consentry.errors import ChainUnproven
from consentry.light import leaves
from consentry.light.clique import Clique
from consentry.light.headers import Header
from consentry.light.istanbul import Istanbul
from consentry.light.qbft import Qbft, commit_digest
from consentry.light.trust import Account, Engine, Trust

REAL = json.loads((Path(__file__).parent / "headers.json").read_text("utf-8"))
CASES = [
    (Clique(), REAL["clique"]),
    *((Istanbul(), one) for one in REAL["istanbul"]),
    (Qbft(), REAL["qbft"]),
]
# Whom the block names in its extra data: who validated it, on each of these chains.
VALIDATORS = {
    "clique": "42eb768f2244c8811c63729a21a3569731535f06 7ffc57839b00206d1ad20c69a1981b489f772031 "
    "b279182d99e65703f0076e4812653aab85fca0f0",
    "istanbul": "571e53df607be97431a5bbefca1dffe5aef56f4d 5cb1a7dccbd0dc446e3640898ede8820368554c8 "
    "99fb17d324fa0e07f23b49d09028ac0919414db6 b74ff9dea397fe9e231df545eb53fe2adf776cb2",
    "qbft": "647bfdd19655e51e69d35454ff3a92f8828e6302 a5c8416b9d13417b45b45ada76408f39d1e504ef "
    "b92e91f4dcc9d28503be521afa2a8fbf3c1acf60 ee3353e587cfa91625a1adaef308a726de3803d3",
}


def before(engine: Engine, header: Header) -> Trust:
    """As if the block before had been believed."""
    named = VALIDATORS[type(engine).__name__.lower()].split()
    parent = replace(header, number=header.number - 1, hash=header.parent)
    return Trust(parent, tuple(bytes.fromhex(one) for one in named))


def ids(value: Any) -> str:
    return value["source"].split(";")[0] if isinstance(value, dict) else type(value).__name__


@pytest.mark.parametrize(("engine", "case"), CASES, ids=ids)
def test_a_real_header_has_its_hash_and_is_believed(engine: Engine, case: dict[str, Any]) -> None:
    """H-57, H-58: hashed in the engine's own order of fields, signed by its validators."""
    header = engine.header(case["block"])
    if "hash" in case:
        assert header.hash.hex() == case["hash"][2:]
    if isinstance(engine, Qbft):
        assert commit_digest(header).hex() == case["committed"][2:]
    assert header.parent.hex() == case["block"]["parentHash"][2:]
    assert engine.next(before(engine, header), header).header == header


@pytest.mark.parametrize("field", ["stateRoot", "timestamp", "parentHash", "receiptsRoot"])
@pytest.mark.parametrize(("engine", "case"), CASES, ids=ids)
def test_a_real_header_of_which_one_field_is_changed_is_unproven(
    engine: Engine, case: dict[str, Any], field: str
) -> None:
    """H-57, H-58: then other accounts appear to have signed."""
    text = case["block"][field]
    forged = engine.header(case["block"] | {field: text[:-1] + ("1" if text[-1] != "1" else "2")})
    with pytest.raises(ChainUnproven):
        engine.next(before(engine, forged), forged)


@pytest.mark.parametrize("bad", [None, "0x", "0x123", 5], ids=str)
@pytest.mark.parametrize("field", ["extraData", "stateRoot", "number"])
@pytest.mark.parametrize(("engine", "case"), CASES, ids=ids)
def test_what_is_no_header_is_unproven(engine: Engine, case: dict[str, Any], field: str, bad: Any) -> None:
    """H-57: whatever an endpoint makes up ends in a typed error."""
    with pytest.raises(ChainUnproven):
        header = engine.header(case["block"] | {field: bad})
        engine.next(before(engine, header), header)


@pytest.mark.parametrize(("engine", "case"), CASES[1:], ids=ids)
def test_a_header_that_nests_too_many_lists_is_unproven(engine: Engine, case: dict[str, Any]) -> None:
    """H-57: it is parsed before anybody's signature is checked, and may not end the thread that follows."""
    nested: Any = []
    for _ in range(150):
        nested = [nested]
    items = [b"", nested, b"", b"", []] if isinstance(engine, Qbft) else [nested, b"", []]
    extra = rlp.encode(items) if isinstance(engine, Qbft) else bytes(32) + rlp.encode(items)
    with pytest.raises(ChainUnproven, match="nests"):
        engine.header(case["block"] | {"extraData": "0x" + extra.hex()})


@pytest.mark.parametrize(
    ("leaf", "account"),
    [
        (
            "02f84dc98212348256788001c0a000112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
            "a0aaaaaaaabbbbbbbbccccccccddddddddaaaaaaaabbbbbbbbccccccccdddddddd10",
            Account(
                bytes.fromhex("00112233445566778899aabbccddeeff" * 2),
                bytes.fromhex("aaaaaaaabbbbbbbbccccccccdddddddd" * 2),
                0x5678,
                0x1234,
            ),
        ),
        (
            "01ea8212348256788002a1030bc77753515dd61c66df6445ffffbedfc16b6b46c73eb09f01a970cb3bf0a8de",
            replace(leaves.NOBODY, balance=0x5678, nonce=0x1234),
        ),
    ],
    ids=["contract", "person"],
)
def test_a_kaia_account_is_read_in_kaias_form(leaf: str, account: Account) -> None:
    """H-60: vectors of Kaia v1.0.3, blockchain/types/account/account_serializer_test.go."""
    assert leaves.kaia(bytes.fromhex(leaf)) == account
    for odd in (leaf[2:], "03" + leaf[2:], leaf[:-2], "02c0", "01c0", "f8448080", ""):
        with pytest.raises(ChainUnproven):
            leaves.kaia(bytes.fromhex(odd))
        with pytest.raises(ChainUnproven):
            leaves.ethereum(bytes.fromhex(odd))

"""Guardian sets and what is signed about them (I-4, I-5, I-6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_abi.abi import encode

from consentry.domain import guardians
from consentry.domain.addresses import Address
from consentry.domain.canonical import keccak
from consentry.domain.guardians import GuardianSet
from consentry.errors import LayoutInvalid
from tests.vectors.samples import ALICE, CHAIN_ID, CITY, DR_BOSE, MERCY, filler

PEOPLE = (MERCY, CITY, DR_BOSE)
GUARDING = GuardianSet.of(2, PEOPLE, filler("salt"))


def test_commitment_is_the_contracts() -> None:
    """I-4: Keccak of the ABI encoding, whatever the order in which guardians are named."""
    kind = keccak(b"GuardianSet(address identity,uint8 threshold,address[] guardians,bytes32 salt)")
    words = ("bytes32", "address", "uint8", "address[]", "bytes32")
    plain = encode(words, (kind, ALICE, 2, sorted(PEOPLE), filler("salt")))
    assert GUARDING.commitment(ALICE) == keccak(plain)
    assert GuardianSet.of(2, PEOPLE[::-1], filler("salt")) == GUARDING
    assert GUARDING.commitment(CITY) != GUARDING.commitment(ALICE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"guardians": ()},
        {"guardians": tuple(Address(f"0x{n:040x}") for n in range(1, 12))},
        {"guardians": tuple(sorted(PEOPLE)[::-1])},
        {"guardians": (CITY, CITY)},
        {"guardians": (Address("0x" + "00" * 20), CITY)},
        {"guardians": ("0xCITY",)},
        {"threshold": 0},
        {"threshold": 4},
        {"salt": bytes(31)},
    ],
    ids=lambda wrong: str(next(iter(wrong))),
)
def test_guardian_set_is_refused_when_it_could_never_act(wrong: dict[str, Any]) -> None:
    """I-4: one to ten, ascending, each once; at least one and at most all of them are needed."""
    with pytest.raises(LayoutInvalid):
        replace(GUARDING, **wrong)


def test_guardian_set_is_read_back_from_its_file() -> None:
    assert GuardianSet.from_json(GUARDING.to_json()) == GUARDING
    with pytest.raises(LayoutInvalid):
        GuardianSet.from_json(GUARDING.to_json() | {"threshold": "2"})


def test_signatures_stand_beside_their_guardians() -> None:
    """I-5: empty for who did not sign; a stranger's has no place."""
    first, second, third = GUARDING.guardians
    assert GUARDING.beside({third: b"c", first: b"a"}) == [b"a", b"", b"c"]
    with pytest.raises(LayoutInvalid):
        GUARDING.beside({ALICE: b"d"})
    assert second not in {first, third}


def test_typed_data_says_what_is_decided() -> None:
    """I-4, I-5, I-6: each says its sentence, and which registry of which chain it is for."""
    one = {"identity": ALICE, "deadline": 9}
    named = guardians.name_guardians(CHAIN_ID, CITY, commitment=bytes(32), nonce=1, **one)  # type: ignore[arg-type]
    agreed = guardians.recovery(CHAIN_ID, CITY, new_owner=MERCY, attempt=2, **one)  # type: ignore[arg-type]
    stopped = guardians.veto(CHAIN_ID, CITY, new_owner=MERCY, attempt=2, nonce=1, **one)  # type: ignore[arg-type]
    said = [data["message"]["statement"] for data in (named, agreed, stopped)]
    assert said == [guardians.NAMING, guardians.AGREEMENT, guardians.VETO]
    for data in (named, agreed, stopped):
        assert data["domain"]["verifyingContract"] == CITY and data["domain"]["chainId"] == CHAIN_ID
        assert set(data["types"][data["primaryType"]][0]) == {"name", "type"}

"""What a wallet library signs is what the contract takes: random messages of every signed struct (C-1, C-4, I-3).

tests/typed_data proves that five wallets sign the same bytes; here one of them meets the contracts.
"""

import pytest

from tests.contracts.libraries.typed_doors import DOORS, HASHED_ONLY, asked
from tests.contracts.libraries.typed_world import World
from tests.contracts.typed import digest
from tests.typed_data.cases import CASES
from tests.typed_data.structs import signed_structs


@pytest.fixture
def world(deployed, members, alice, now):
    return World(deployed, alice, now)


def test_each_signed_struct_has_a_door():
    """A struct that a contract hashes and nobody tries here is found: give it a function in typed_doors.py."""
    assert set(signed_structs()) <= set(DOORS) | HASHED_ONLY


@pytest.mark.parametrize("primary", DOORS)
def test_contract_accepts_what_the_wallet_signed_when_message_is_any(world, mallory, primary):
    """C-1, C-4, I-3"""
    for number in range(CASES):
        case = asked(primary, number, world)
        whole = case.typed(primary)
        assert case.accepts(world.signer.sign(whole)), (number, whole["message"])
        assert not case.accepts(mallory.sign(whole)), number
        assert not case.accepts(world.signer.sign(whole | {"domain": whole["domain"] | {"chainId": 5}})), (
            number
        )


def test_consent_id_is_the_wallets_digest_when_message_is_any(world, deployed):
    """C-1"""
    for number in range(CASES):
        case = asked("Consent", number, world)
        given, _ = case.arguments(b"")
        assert bytes(deployed.ConsentRegistry.consentIdOf(given)) == digest(case.typed("Consent")), number

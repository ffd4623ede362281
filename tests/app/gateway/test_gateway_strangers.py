"""What strangers send costs little (G-5)."""

from __future__ import annotations

import sys

import pytest

from consentry.crypto.signatures import generate_account_key
from consentry.errors import ChallengeUnknown
from consentry.services import sign_in as service
from consentry.services.sign_in import SignIn
from consentry.wallets.keyfile import Wallet
from tests.app.gateway.world import World


@pytest.mark.parametrize("size", [2_000, 2_049, 1_000_000])
def test_sign_in_refuses_a_text_of_strangers_in_few_steps(world: World, size: int) -> None:
    """G-5: well-formed EIP-4361 with resources, of whatever length; siwe's parser never sees it."""
    ports, alice = world.city.gateway.signing_in, Wallet(generate_account_key())
    text = service.challenge(alice.address, ports) + "\nResources:"
    text += "\n- https://a.example/%20" * ((size - len(text)) // 25)
    command, calls = SignIn(text, "0x" + "11" * 65), 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        with pytest.raises(ChallengeUnknown):
            service.sign_in(command, ports)
    finally:
        sys.setprofile(None)
    assert calls < 20_000

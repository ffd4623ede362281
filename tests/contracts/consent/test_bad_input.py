"""Every function that changes something, called with nothing, with the largest values and with bytes that are no
arguments (C-1, C-3, C-5, C-17 … C-19)."""

import brownie
import pytest

from tests.contracts.calls import calldata, view
from tests.contracts.consents import NO_MANDATE, ZERO_ADDRESS, ZERO_WORD
from tests.contracts.reverts import reverts_with

MAXIMAL = 2**64 - 1
NO_GRANT = (ZERO_ADDRESS, ZERO_WORD, 0, 0, 0)
ACTORS = {
    "grant": (NO_GRANT,),
    "replace": (ZERO_WORD, NO_GRANT),
    "revoke": (ZERO_ADDRESS, ZERO_WORD),
}
SIGNED = {
    "grantBySignature": (NO_GRANT, b""),
    "grantMany": ([NO_GRANT], [b""]),
    "replaceBySignature": (ZERO_WORD, NO_GRANT, b""),
    "revokeBySignature": (ZERO_ADDRESS, ZERO_WORD, b""),
}
MANDATE_ACTORS = {
    "grantMandate": (NO_MANDATE,),
    "grantUnderMandate": (NO_GRANT, NO_MANDATE),
    "revokeUnderMandate": (ZERO_WORD, NO_MANDATE),
}
MANDATE_SIGNED = {
    "grantMandateBySignature": (NO_MANDATE, b""),
    "grantUnderMandateBySignature": (NO_GRANT, NO_MANDATE, b""),
    "revokeUnderMandateBySignature": (ZERO_WORD, NO_MANDATE, b""),
}
ALL = ACTORS | SIGNED | MANDATE_ACTORS | MANDATE_SIGNED


@pytest.mark.parametrize("function", ACTORS)
def test_zero_is_nobody_when_an_actor_calls(consents, relayer, function):
    """C-3"""
    with reverts_with("ConsentActorUnauthorized", ZERO_ADDRESS, relayer):
        getattr(consents, function)(*ACTORS[function], {"from": relayer})


@pytest.mark.parametrize("function", SIGNED)
@pytest.mark.parametrize("signature", [b"", bytes(65), b"\xff" * 65, b"\0" * 4096])
def test_zero_signs_nothing_when_relayed(consents, relayer, function, signature):
    """C-4"""
    arguments = list(SIGNED[function])
    arguments[-1] = [signature] if function == "grantMany" else signature
    consent_id = ZERO_WORD
    if function != "revokeBySignature":
        consent_id = "0x" + view(consents, "consentIdOf", NO_GRANT).hex()
    with reverts_with("ConsentSignatureInvalid", ZERO_ADDRESS, consent_id):
        getattr(consents, function)(*arguments, {"from": relayer})


@pytest.mark.parametrize("function", MANDATE_ACTORS)
def test_zero_is_nobody_when_a_mandate_is_used(consents, relayer, function):
    """C-17 … C-19"""
    mandate_id = "0x" + view(consents, "mandateIdOf", NO_MANDATE).hex()
    with reverts_with("MandateActorUnauthorized", mandate_id, relayer):
        getattr(consents, function)(*MANDATE_ACTORS[function], {"from": relayer})


@pytest.mark.parametrize("function", MANDATE_SIGNED)
@pytest.mark.parametrize("signature", [b"", bytes(65), b"\xff" * 65])
def test_zero_signs_nothing_when_a_mandate_is_relayed(consents, relayer, function, signature):
    """C-4, C-17 … C-19"""
    mandate_id = "0x" + view(consents, "mandateIdOf", NO_MANDATE).hex()
    with reverts_with("MandateSignatureInvalid", mandate_id, ZERO_ADDRESS):
        getattr(consents, function)(*MANDATE_SIGNED[function][:-1], signature, {"from": relayer})


def test_maximal_times_have_no_text_when_granted(consents, alice, alices_daughter, relayer):
    """C-1, C-17, C-18"""
    own, by = {"from": alice.account}, {"from": relayer}
    grant = (alice.address, "0x" + "ff" * 32, MAXIMAL, MAXIMAL, MAXIMAL)
    mandate = (alice.address, alices_daughter.address, "0x" + "ff" * 32, MAXIMAL, MAXIMAL, MAXIMAL)
    for call in (
        lambda: consents.grant(grant, own),
        lambda: consents.grantBySignature(grant, b"", by),
        lambda: consents.grantMany([grant], [b""], by),
        lambda: consents.replace(ZERO_WORD, grant, own),
        lambda: consents.replaceBySignature(ZERO_WORD, grant, b"", by),
        lambda: consents.grantMandate(mandate, own),
        lambda: consents.grantMandateBySignature(mandate, b"", by),
        lambda: consents.grantUnderMandate(grant, mandate, own),
        lambda: consents.grantUnderMandateBySignature(grant, mandate, b"", by),
        lambda: consents.revokeUnderMandate(ZERO_WORD, mandate, own),
        lambda: consents.revokeUnderMandateBySignature(ZERO_WORD, mandate, b"", by),
    ):
        with reverts_with("IsoTimeOutOfRange", MAXIMAL):
            call()


@pytest.mark.parametrize("function", ALL)
def test_bytes_that_are_no_arguments_revert_when_called(consents, relayer, function):
    """C-3: too short, and an offset or a first word beyond everything."""
    whole = bytes.fromhex(calldata(consents, function, *ALL[function])[2:])
    for data in (whole[:4], whole[:35], whole[:-1] if function in ACTORS | MANDATE_ACTORS else whole[:-64]):
        with pytest.raises(ValueError, match="execution reverted"):
            brownie.web3.eth.call({"to": consents.address, "from": str(relayer), "data": "0x" + data.hex()})

"""Whose signatures open (E-1, E-3)."""

from dataclasses import replace

import pytest

from tests.contracts.consents import ORDER, Person
from tests.contracts.reverts import reverts_with


@pytest.mark.parametrize("place", ["first", "second"])
def test_open_reverts_when_a_signature_is_another(
    emergencies, box, dr_bose, nurse_li, mallory, relayer, place
):
    """E-1, E-3: nobody opens with one good signature."""
    typed, declaration, opening_id = (
        box.typed(emergencies),
        box.declaration(emergencies),
        box.opening_id(emergencies),
    )
    good = {"first": dr_bose.sign(typed), "second": nurse_li.sign(typed)}
    one = {"first": dr_bose, "second": nurse_li}[place]
    s = int.from_bytes(good[place][32:64], "big")
    for bad in (
        mallory.sign(typed),
        good["second" if place == "first" else "first"],
        one.sign(typed | {"domain": typed["domain"] | {"chainId": 1}}),
        one.sign(typed | {"domain": typed["domain"] | {"name": "Consentry"}}),
        one.sign(typed | {"domain": typed["domain"] | {"verifyingContract": mallory.address}}),
        one.sign(typed | {"message": typed["message"] | {"statement": "Yes"}}),
        one.sign(replace(box, patient=mallory.address).typed(emergencies)),
        one.sign(replace(box, open_until=box.open_until + 1).typed(emergencies)),
        good[place][:32] + (ORDER - s).to_bytes(32, "big") + bytes([55 - good[place][64]]),
        good[place][:64],
        good[place] + b"\0",
        bytes(65),
        b"",
    ):
        with reverts_with("OpeningSignatureInvalid", one, opening_id):
            emergencies.open(declaration, *(good | {place: bad}).values(), {"from": relayer})


@pytest.mark.parametrize("behaviour", [1, 2, 3, 4], ids=["reverts", "burns", "short", "much"])
def test_open_reverts_when_a_wallet_misbehaves(
    emergencies, another, open_box, enrol, wallet_of, dr_bose, behaviour
):
    """E-1"""
    device = Person.named("a telephone")
    wallet = wallet_of(device)
    enrol(wallet.address)
    wallet.setBehaviour(behaviour)
    box = another(second=str(wallet))
    with reverts_with("OpeningSignatureInvalid", wallet, box.opening_id(emergencies)):
        open_box(box, second=device)

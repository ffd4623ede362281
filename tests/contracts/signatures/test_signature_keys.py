"""Signatures by keys, for every signed function (C-2 … C-4, I-3, I-5, I-8)."""

import pytest

from tests.contracts.consents import ORDER, REPRESENTATIVE, Person
from tests.contracts.reverts import reverts_with
from tests.contracts.signatures.cases import CASES
from tests.contracts.signatures.shapes import DAY

late_too = pytest.mark.parametrize("case", [one for one in CASES if one.expires], ids=str)


@pytest.fixture
def ask(case, world, alice):
    """The call, with alice's key as signatory."""
    case.prepare(world, alice.address)
    return case.ask(world, alice.address)


def changed(typed, part, **values):
    return typed | {part: typed[part] | values}


def renamed(typed, name):
    """The same fields under another struct's name."""
    types = dict(typed["types"])
    types[name] = types.pop(typed["primaryType"])
    return typed | {"types": types, "primaryType": name}


def high_s(signature):
    s = int.from_bytes(signature[32:64], "big")
    return signature[:32] + (ORDER - s).to_bytes(32, "big") + bytes([55 - signature[64]])


def compact(signature):
    """64 bytes as of EIP-2098."""
    s = int.from_bytes(signature[32:64], "big") | ((signature[64] - 27) << 255)
    return signature[:32] + s.to_bytes(32, "big")


def test_signed_call_works_when_the_key_signed(case, ask, alice):
    """I-8, C-3"""
    assert case.event in ask.send(alice.sign(ask.typed)).events


def test_signed_call_reverts_when_replayed(ask, alice):
    """I-3, C-5"""
    signature = alice.sign(ask.typed)
    ask.send(signature)
    with reverts_with(*ask.replayed):
        ask.send(signature)


@late_too
def test_signed_call_reverts_when_late(case, world, alice):
    """I-3, I-5, C-5"""
    world.deadline = world.now - 10
    case.prepare(world, alice.address)
    ask = case.ask(world, alice.address)
    with reverts_with(*ask.late):
        ask.send(alice.sign(ask.typed))


def test_signed_call_reverts_when_signature_is_malformed(ask, alice):
    """C-4, I-8"""
    good = alice.sign(ask.typed)
    for signature in (
        high_s(good),
        compact(good),
        high_s(good)[:64],
        good[:64],
        good + b"\0",
        good[:64] + bytes([good[64] - 27]),
        good[:64] + b"\xff",
        good[::-1],
        bytes(65),
        bytes(64) + b"\x1b",
        b"\xff" * 65,
        b"\0",
        b"",
        good * 100,
    ):
        with reverts_with(*ask.refusal(signature)):
            ask.send(signature)


def test_signed_call_reverts_when_signed_for_another_place(ask, alice, relayer):
    """C-2, I-3"""
    for typed in (
        changed(ask.typed, "domain", chainId=1),
        changed(ask.typed, "domain", verifyingContract=relayer.address),
        changed(ask.typed, "domain", name="Other"),
        changed(ask.typed, "domain", version="2"),
        renamed(ask.typed, "Other"),
    ):
        with reverts_with(*ask.refused):
            ask.send(alice.sign(typed))


def test_signed_call_reverts_when_another_function_was_signed(case, ask, world, alice):
    """C-2, I-3"""
    for other in CASES:
        typed = other.ask(world, alice.address).typed
        # some functions do different things with one and the same text: granting alone, among many, under a mandate
        if typed != ask.typed:
            with reverts_with(*ask.refused):
                ask.send(alice.sign(typed))


def test_signed_call_reverts_when_somebody_else_signed(ask, mallory, alices_daughter):
    """C-3, I-3"""
    for person in (mallory, alices_daughter):
        with reverts_with(*ask.refused):
            ask.send(person.sign(ask.typed))


def test_signed_call_reverts_when_any_field_differs(ask, alice):
    """I-3, C-1"""
    for name, value in ask.typed["message"].items():
        if isinstance(value, int):
            with reverts_with(*ask.refused):
                ask.send(alice.sign(changed(ask.typed, "message", **{name: value + 1})))
        elif name == "statement":
            with reverts_with(*ask.refused):
                ask.send(alice.sign(changed(ask.typed, "message", statement=value + " ")))


def test_representative_signs_only_where_consents_are_concerned(case, world, alice, identities):
    """C-3"""
    daughter = Person.named("alice's daughter")
    identities.addDelegate(alice.address, REPRESENTATIVE, daughter.address, DAY, {"from": alice.account})
    case.prepare(world, alice.address)
    ask = case.ask(world, alice.address)
    signature = daughter.sign(ask.typed)
    if case.by_representatives:
        assert case.event in ask.send(signature).events
    else:
        with reverts_with(*ask.refused):
            ask.send(signature)

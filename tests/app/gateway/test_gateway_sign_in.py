"""Signing in by wallet, tokens, cookies, client keys (G-5)."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import pytest

from consentry.crypto.signatures import generate_account_key
from consentry.domain import addresses, fields
from consentry.domain.addresses import Address
from consentry.errors import ChallengeUnknown, ConsentryError, NotSignedIn, RoleUnfit, SignatureInvalid
from consentry.services import sign_in as service
from consentry.services.sign_in import Person, Role, SignIn, SignInPorts, Tokens
from consentry.wallets.keyfile import Wallet
from tests.app.gateway.world import World


@dataclass
class Hands:
    """A clock that a test moves."""

    time: int

    def now(self) -> int:
        return self.time


@pytest.fixture
def ports(world: World) -> SignInPorts:
    clock = Hands(int(time.time()))
    gateway = world.city.gateway
    return SignInPorts(gateway.site, gateway.ledger, clock, Tokens(clock))


def signed(ports: SignInPorts, wallet: Wallet) -> SignIn:
    text = service.challenge(wallet.address, ports)
    return SignIn(text, fields.to_hex(wallet.sign_text(text)))


def test_sign_in_accepts_a_message_once(ports: SignInPorts) -> None:
    """G-5."""
    alice = Wallet(generate_account_key())
    command = signed(ports, alice)
    token, person = service.sign_in(command, ports)
    assert (person.address, person.role, person.patient) == (alice.address, Role.PATIENT, alice.address)
    assert ports.tokens.who(token) == person
    with pytest.raises(ChallengeUnknown):
        service.sign_in(command, ports)


def test_sign_in_refuses_a_message_outside_its_window(ports: SignInPorts) -> None:
    """G-5: five minutes, end exclusive; what was used stays used until then."""
    alice = Wallet(generate_account_key())
    late, in_time = signed(ports, alice), signed(ports, alice)
    ports.clock.time += 299  # type: ignore[attr-defined]
    service.sign_in(in_time, ports)
    ports.clock.time += 1  # type: ignore[attr-defined]
    for command in (late, in_time):
        with pytest.raises(ChallengeUnknown):
            service.sign_in(command, ports)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("city.test:8000", "evil.test:8000"),
        ("Chain ID: 1337", "Chain ID: 1"),
        ("Nonce: ", "Nonce: 00"),
        ("lets nobody", "lets everybody"),
        ("Version: 1", "Version: 2"),
        ("Issued At: 2", "Issued At: 3"),
    ],
)
def test_sign_in_refuses_a_text_that_is_not_its_own(ports: SignInPorts, old: str, new: str) -> None:
    """G-5: another host, chain, nonce or wording, however well signed."""
    mallory = Wallet(generate_account_key())
    text = service.challenge(mallory.address, ports)
    assert old in text
    text = text.replace(old, new)
    with pytest.raises(ChallengeUnknown):
        service.sign_in(SignIn(text, fields.to_hex(mallory.sign_text(text))), ports)


def test_sign_in_refuses_a_challenge_of_another_gateway(world: World, ports: SignInPorts) -> None:
    """The same words under another secret; and a text that is no SIWE message at all."""
    alice = Wallet(generate_account_key())
    foreign = signed(replace(ports, secret=bytes(32)), alice)
    for command in (foreign, SignIn("x", foreign.signature), SignIn("\ud800", foreign.signature)):
        with pytest.raises(ChallengeUnknown):
            service.sign_in(command, ports)


def test_sign_in_refuses_a_foreign_or_malformed_signature(ports: SignInPorts) -> None:
    alice, mallory = Wallet(generate_account_key()), Wallet(generate_account_key())
    text = service.challenge(alice.address, ports)
    for signature in (
        fields.to_hex(mallory.sign_text(text)),
        "0x",
        "rubbish",
        "0x" + "00" * 65,
        "0x" + "ff" * 65,
    ):
        with pytest.raises(SignatureInvalid):
            service.sign_in(SignIn(text, signature), ports)


def test_token_ends_and_bounds_hold(ports: SignInPorts) -> None:
    tokens = Tokens(ports.clock, most=2)
    ends = ports.clock.now() + 60
    people = [Person(Address("0x" + f"{n:02x}" * 20), Role.PATIENT, None, ends) for n in range(3)]
    staff = Person(Address("0x" + "aa" * 20), Role.STAFF, None, ends)
    of_staff = tokens.issue(staff)
    first, *rest = [tokens.issue(person) for person in people]
    with pytest.raises(NotSignedIn):
        tokens.who(first)
    assert [tokens.who(token) for token in (*rest, of_staff)] == [*people[1:], staff]
    ports.clock.time += 60  # type: ignore[attr-defined]
    with pytest.raises(NotSignedIn):
        tokens.who(of_staff)


def test_representative_acts_for_the_patient_who_named_her(world: World) -> None:
    """C-3: only a delegate of type consent signs in for somebody else."""
    alice, rita = world.person(world.city), world.person(world.city)
    alice.sign_in()
    with pytest.raises(AssertionError, match="role-unfit"):
        rita.sign_in(patient=alice.did)
    sender = type(world.consortium)(world.ledger.connection, alice.wallet.private_key)
    kind = b"consent".ljust(32, b"\0")
    sender.transact("IdentityRegistry", "addDelegate", alice.wallet.address, kind, rita.wallet.address, 3600)
    assert rita.sign_in(patient=alice.did)["did"] == alice.did
    sender.transact("IdentityRegistry", "revokeDelegate", alice.wallet.address, kind, rita.wallet.address)
    assert rita.send("GET", "/api/me").json["code"] == "role-unfit"


def test_staff_loses_access_when_dismissed(world: World) -> None:
    dr_bose = world.staff(world.city)
    me = dr_bose.send("GET", "/api/me").json
    assert (me["role"], me["did"], me["member"]["name"]) == ("staff", None, world.city.name)
    world.city.account.transact("MemberRegistry", "dismiss", dr_bose.wallet.address)
    assert dr_bose.send("POST", "/api/patients/links", {"mrn": "1"}).json["code"] == "role-unfit"
    with pytest.raises(ConsentryError):
        service.require_standing(
            Person(dr_bose.wallet.address, Role.STAFF, None, 0), world.city.gateway.signing_in
        )


def test_cookie_counts_only_from_the_own_page(world: World) -> None:
    """Strict cookie, and on unsafe methods the page's own Origin."""
    alice = world.person(world.mercy)
    client, origin = world.mercy.client.application.test_client(), alice.origin
    asked: dict[str, Any] = {"address": addresses.checksum(alice.wallet.address)}
    text = client.post("/api/sign-in/challenges", json=asked).json["message"]
    body = {"message": text, "signature": fields.to_hex(alice.wallet.sign_text(text))}
    assert (
        client.post("/api/sign-in", json=body, headers={"Origin": "http://evil.test"}).json["code"]
        == "origin-foreign"
    )
    cookie = client.post("/api/sign-in", json=body, headers={"Origin": origin}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
    assert client.get("/api/me").status_code == 200
    path, sent = "/api/reading-sessions/challenges", {"purpose": "PATRQT"}
    for headers in ({}, {"Origin": "null"}, {"Origin": "http://evil.test"}):
        assert client.post(path, json=sent, headers=headers).json["code"] == "origin-foreign"
    assert client.post(path, json=sent, headers={"Origin": origin}).status_code == 200
    assert client.delete("/api/sign-in", headers={"Origin": origin}).status_code == 204
    assert client.get("/api/me").status_code == 401


def test_client_key_is_known_by_its_digest_alone(world: World) -> None:
    key = world.mercy.key
    for value in (f"Bearer {key}x", f"Basic {key}", "Bearer ", f"Bearer {key[:-1]}", "Bearer ü"):
        answer = world.mercy.client.post(
            "/api/patients/links", json={"mrn": "1"}, headers={"Authorization": value}
        )
        assert answer.json["code"] == "not-signed-in" and answer.headers["WWW-Authenticate"] == "Bearer"
    assert world.mercy.send("POST", "/api/patients/links", {"mrn": "1"}).status_code == 201
    assert world.mercy.send("GET", "/api/me").json["code"] == "role-unfit"
    assert key not in str(world.mercy.gateway.clients)


def test_patient_side_is_closed_to_the_desk_and_the_desk_to_patients(world: World) -> None:
    alice, dr_bose = world.person(world.city), world.staff(world.city)
    alice.sign_in()
    assert dr_bose.send("GET", "/api/consents").json["code"] == "role-unfit"
    assert alice.send("POST", "/api/patients/links", {"mrn": "1"}).json["code"] == "role-unfit"
    with pytest.raises(RoleUnfit):
        other = Person(dr_bose.wallet.address, Role.PATIENT, alice.wallet.address, 0)
        service.require_standing(other, world.city.gateway.signing_in)

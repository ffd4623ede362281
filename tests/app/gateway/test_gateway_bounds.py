"""What a gateway holds in memory: for whom, how much, how long (G-7, G-8)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consentry.domain.addresses import Address
from consentry.domain.sessions import SessionKind
from consentry.errors import ChallengeUnknown, ReadingSessionMissing
from consentry.services.discover import Seeds
from consentry.services.everything import WorkingKey, WorkingSet
from consentry.services.pending import Pending
from consentry.services.reading_session import OpenReaders
from consentry.services.sign_in import Person as SignedIn
from consentry.services.sign_in import Role
from tests.app.gateway.content import bundle
from tests.app.gateway.test_gateway_reading import code_of, everything
from tests.app.gateway.test_gateway_sign_in import Hands
from tests.app.gateway.world import World

ONE, TWO, THREE = (Address("0x" + digit * 40) for digit in "123")
KEY = WorkingKey(ONE, "TREAT", None, b"session", None, b"holder", "")
PATIENT, STAFF = SessionKind.PATIENT, SessionKind.STAFF


def test_a_sign_in_neither_uses_nor_ends_anothers_session(world: World) -> None:
    """G-7: two devices of one account; also a challenge is answered where it was asked for."""
    alice = world.patient(world.city)
    world.city.link("B-1", alice)
    world.city.publish(bundle("B-1"))
    other = replace(alice)
    other.sign_in()
    assert alice.token != other.token
    alice.open_session("PATRQT")
    assert everything(alice, "self").status_code == 200
    assert code_of(everything(other, "self")) == "reading-session-missing"
    made = alice.send("POST", "/api/reading-sessions/challenges", {"purpose": "PATRQT"}).json
    answer = {
        "ref": made["ref"],
        "signature": "0x" + alice.wallet.sign_typed(made["typedData"]).hex().removeprefix("0x"),
    }
    assert code_of(other.send("POST", "/api/reading-sessions", answer)) == "challenge-unknown"
    other.open_session("PATRQT")
    assert other.send("DELETE", "/api/sign-in").status_code == 204
    assert everything(alice, "self").status_code == 200


def test_signing_out_drops_the_seeds_of_that_sign_in_alone(world: World) -> None:
    """G-7."""
    alice = world.patient(world.city)
    world.city.link("B-2", alice)
    world.city.publish(bundle("B-2"))
    other = replace(alice)
    other.sign_in()
    working = world.city.gateway.everything.working
    tokens = world.city.gateway.signing_in.tokens
    digests = [tokens.who(one.token).token_digest for one in (alice, other)]
    for one in (alice, other):
        one.open_session("PATRQT")
        assert everything(one, "self").status_code == 200
    alice.send("DELETE", "/api/sign-in")
    held = {key.holder for key in working._held[PATIENT]}
    assert digests[0] not in held and digests[1] in held


def test_patients_push_out_no_session_of_staff() -> None:
    """G-8."""
    readers = OpenReaders(Hands(0), most=1)
    staff = SignedIn(ONE, Role.STAFF, None, 9)

    class Open:
        """A reader whose session never ends."""

        purpose, certificate = "TREAT", type("Certificate", (), {"is_live": staticmethod(lambda now: True)})

    readers.keep(staff, Open())  # type: ignore[arg-type]
    for account in (TWO, THREE):
        readers.keep(SignedIn(account, Role.PATIENT, account, 9), Open())  # type: ignore[arg-type]
    assert readers.of(staff)
    with pytest.raises(ReadingSessionMissing):
        readers.of(SignedIn(TWO, Role.PATIENT, TWO, 9))


def test_patients_push_out_no_challenge_of_staff_nor_of_each_other() -> None:
    """G-8: a pool for each role, and at most eight that wait of one account."""
    pending: Pending[int] = Pending(Hands(0), seconds=9, most=10)
    staff = pending.put(1, pool=Role.STAFF, owner=ONE)
    bob = pending.put(2, pool=Role.PATIENT, owner=TWO)
    many = [pending.put(n, pool=Role.PATIENT, owner=THREE) for n in range(20)]
    assert (pending.look(staff), pending.look(bob)) == (1, 2)
    for ref in many[:12]:
        with pytest.raises(ChallengeUnknown):
            pending.look(ref)
    assert [pending.take(ref) for ref in many[12:]] == list(range(12, 20))
    assert (pending.take(staff), pending.take(bob), pending._owned) == (1, 2, {})


def test_patients_push_out_no_working_set_of_staff() -> None:
    """G-8."""
    working = WorkingSet(Hands(0), most=1)
    of_staff = working.of(STAFF, KEY)
    first = working.of(PATIENT, KEY)
    working.of(PATIENT, replace(KEY, patient=TWO))
    assert working.of(STAFF, KEY) is of_staff and working.of(PATIENT, KEY) is not first


def test_working_set_forgets_after_a_quarter_of_an_hour() -> None:
    """G-8."""
    clock = Hands(1_800_000_000)
    working = WorkingSet(clock)
    first = working.of(STAFF, KEY)
    assert working.of(STAFF, KEY) is first and isinstance(first, Seeds)
    clock.time += 899
    working.sweep()
    assert working.of(STAFF, KEY) is first
    clock.time += 1
    assert working.of(STAFF, KEY) is not first


def test_the_scanning_loop_sweeps_working_sets(world: World) -> None:
    """G-8: though nobody reads any more."""
    parts = world.mercy.gateway
    working = parts.everything.working
    clock, before = Hands(0), working._clock
    working._clock = clock
    try:
        working.of(STAFF, KEY)
        clock.time = 900
        assert parts.scanning._attempt()
        assert not working._held[STAFF]
    finally:
        working._clock = before

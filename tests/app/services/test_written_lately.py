"""What a sign-in wrote (F-25)."""

from __future__ import annotations

from consentry.domain.addresses import Address
from consentry.services import written_lately
from consentry.services.written_lately import MOST_EACH, WRITTEN_SECONDS, WrittenLately

ALICE = Address("0x" + "1" * 40)


class Hands:
    def __init__(self) -> None:
        self.time = 0

    def now(self) -> int:
        return self.time


def test_written_is_known_to_its_own_sign_in_for_a_quarter_of_an_hour() -> None:
    """F-25"""
    clock = Hands()
    written = WrittenLately(clock)
    written.note(b"one", "Observation/a", ALICE, "ref")
    found = written.of(b"one", "Observation/a")
    assert found is not None and (found.patient, found.ref) == (ALICE, "ref")
    assert written.of(b"two", "Observation/a") is None and written.of(b"one", "Observation/b") is None
    clock.time = WRITTEN_SECONDS
    assert written.of(b"one", "Observation/a") is None and not written._held
    written.note(b"one", "Observation/a", ALICE, "ref")
    written.forget(b"one")
    assert written.of(b"one", "Observation/a") is None


def test_written_forgets_the_oldest_of_whoever_writes_much() -> None:
    """F-25"""
    written = WrittenLately(Hands())
    written.note(b"other", "Observation/a", ALICE, "ref")
    for number in range(MOST_EACH + 1):
        written.note(b"one", f"Observation/{number}", ALICE, "ref")
    assert written.of(b"one", "Observation/0") is None and written.of(b"one", "Observation/1") is not None
    assert written.of(b"other", "Observation/a") is not None
    for number in range(written_lately.MOST_HOLDERS):
        written.note(b"holder %d" % number, "Observation/a", ALICE, "ref")
    assert len(written._held) == written_lately.MOST_HOLDERS and written.of(b"one", "Observation/1") is None

"""What sessions were shown: sealed, bounded, theirs alone (F-18, F-19)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from consentry.domain.addresses import Address
from consentry.domain.sessions import SessionKind
from consentry.errors import PageGone, SealInvalid, SearchTooLarge
from consentry.services.shown import (
    MAX_OWN,
    MAX_SET_BYTES,
    SHOWN_SECONDS,
    Fresh,
    Line,
    Owner,
    Result,
    Shown,
    ShownSet,
    Text,
)

ALICE, BOSE, CHEN = (Address(f"0x{one:040x}") for one in (1, 2, 3))
TOKEN = b"the bearer token of dr bose"
OWNER = Owner(SessionKind.STAFF, b"digest", b"session", BOSE, None, "TREAT")


@dataclass
class Hands:
    seconds: int = 0

    def now(self) -> int:
        return self.seconds


def fresh(*contents: bytes) -> Fresh:
    texts = [Text(f"Observation/{n}", "1", (CHEN, b"r" * 32), one) for n, one in enumerate(contents)]
    lines = tuple(Line(place, "match") for place in range(len(texts)))
    result = Result("Observation", "s", "https://c.example/fhir/Observation", len(texts), (lines,))
    return Fresh(ALICE, "ref", (), "", texts, result)


def keep(shown: Shown, owner: Owner = OWNER, size: int = 10) -> ShownSet:
    return shown.keep(owner, TOKEN, fresh(b"x" * size))


def has(shown: Shown, kept: ShownSet) -> bool:
    try:
        return shown.page(kept.owner, kept.cursor) is kept
    except PageGone:
        return False


def test_kept_texts_open_with_the_token_alone() -> None:
    """F-19: what is in memory is no plaintext and no key; a text stands under its own name and place only."""
    kept = Shown(Hands()).keep(OWNER, TOKEN, fresh(b"HIV positive", b"second"))
    assert [one.content for one in kept.opened(TOKEN, (1, 0))] == [b"second", b"HIV positive"]
    held = repr(vars(kept)) + "".join(repr(one.sealed) for one in kept._texts)
    assert "HIV" not in held and TOKEN.decode() not in held
    with pytest.raises(SealInvalid):
        kept.opened(b"another token", (0,))
    swapped = replace(kept, _texts=kept._texts[::-1])
    with pytest.raises(SealInvalid):
        swapped.opened(TOKEN, (0,))


def test_two_sets_of_one_token_have_keys_of_their_own() -> None:
    """F-19"""
    shown = Shown(Hands())
    one, other = keep(shown), keep(shown)
    assert one._texts[0].sealed != other._texts[0].sealed and one.cursor != other.cursor
    with pytest.raises(SealInvalid):
        replace(one, _texts=other._texts).opened(TOKEN, (0,))


@pytest.mark.parametrize(
    "stranger",
    [
        replace(OWNER, holder=b"another sign-in"),
        replace(OWNER, session=b"another session"),
        replace(OWNER, actor=CHEN),
        replace(OWNER, practitioner=CHEN),
        replace(OWNER, purpose="HRESCH"),
        replace(OWNER, kind=SessionKind.SYSTEM),
    ],
)
def test_page_is_gone_for_whoever_was_not_shown_it(stranger: Owner) -> None:
    """F-18: whatever they have in common."""
    shown = Shown(Hands())
    kept = keep(shown)
    with pytest.raises(PageGone):
        shown.page(stranger, kept.cursor)
    assert list(shown.of(stranger)) == [] and has(shown, kept)


def test_sets_end_after_fifteen_minutes_and_with_their_sign_in() -> None:
    """F-19"""
    clock = Hands()
    shown = Shown(clock)
    first, other = keep(shown), keep(shown, replace(OWNER, holder=b"other"))
    shown.forget(b"digest")
    assert not has(shown, first) and has(shown, other)
    clock.seconds = SHOWN_SECONDS - 1
    assert has(shown, other)
    clock.seconds += 1
    assert not has(shown, other) and not any(shown._held.values())


def test_sessions_push_out_their_own_and_no_other_kind() -> None:
    """F-19: patients nothing of staff; within a kind whoever holds most loses the oldest of it."""
    shown = Shown(Hands(), most_bytes=1_000, most_sets=20)
    small = keep(shown, size=50)
    patients = [replace(OWNER, kind=SessionKind.PATIENT, holder=bytes([n])) for n in range(40)]
    for patient in patients:
        keep(shown, patient, size=100)
    assert has(shown, small)
    greedy = [keep(shown, replace(OWNER, holder=b"greedy", purpose=f"P{n}"), size=200) for n in range(9)]
    assert has(shown, small) and has(shown, greedy[-1]) and not has(shown, greedy[0])
    for held in shown._held.values():
        assert len(held) <= 20 and sum(one.size for one in held.values()) <= 1_000


def test_one_session_has_so_many_sets_and_bytes() -> None:
    """F-19"""
    shown = Shown(Hands())
    many = [keep(shown) for _ in range(MAX_OWN + 2)]
    assert [has(shown, one) for one in many] == [False] * 2 + [True] * MAX_OWN
    assert next(shown.of(OWNER)) is many[-1]
    shown.drop(many[-1])
    assert not has(shown, many[-1]) and next(shown.of(OWNER)) is many[-2]
    with pytest.raises(SearchTooLarge):
        keep(shown, size=MAX_SET_BYTES + 1)

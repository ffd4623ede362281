"""A session ends before its time when its key or its account says so, and keepers answer it no more (K-26)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from consentry.crypto.signatures import SessionKey, sign_typed
from consentry.domain.requests import FRESH_SECONDS
from consentry.domain.session_ends import SessionEnd, typed_data
from consentry.domain.sessions import SessionCertificate, SessionKind
from consentry.errors import (
    ActorUnknown,
    ChainWrong,
    ConsentryError,
    LayoutInvalid,
    RateLimited,
    RequestStale,
    SessionRevoked,
    SignatureInvalid,
)
from consentry.keeper import ended_sessions
from consentry.services.receipts import receipts
from consentry.services.release import release
from consentry.services.release_intake import Signed
from consentry.services.session_ends import end_session
from tests.app.keeper_cast import CHAIN_ID, NOW
from tests.app.keeper_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def end_of(world: World, session: SessionCertificate, **changes: Any) -> SessionEnd:
    actor = session.fields.actor if hasattr(session.fields, "actor") else session.fields.patient
    return SessionEnd(
        **{"actor": actor, "chain_id": CHAIN_ID, "ended_at": NOW, "session": session, **changes}
    )


def by_key(world: World, end: SessionEnd, key: SessionKey | None = None) -> Signed:
    return Signed(end.to_bytes(), (key or world.session_key).sign(end.to_bytes()))


def by_wallet(world: World, end: SessionEnd, name: str = "dr_bose") -> Signed:
    return Signed(end.to_bytes(), sign_typed(world.keys[name], typed_data(end)))


@pytest.mark.parametrize("said", [by_key, by_wallet])
def test_a_session_that_was_ended_is_answered_no_more(world: World, said: Any) -> None:
    """K-26: refused in words of its own, before any chain work, also after a restart of the keeper; again changes nothing."""
    desk, session = world.desk(), world.session()
    request = world.request(session=session)
    world.given(desk, request)
    end = end_of(world, session)
    assert end_session(said(world, end), desk) == end
    asked = len(world.ledger.asked)
    for keeper in (desk, world.desk()):
        for again in (request, world.request(session=session)):
            with pytest.raises(SessionRevoked):
                release(world.command(again), keeper)
    end_session(said(world, end), desk)
    assert len(world.ledger.asked) == asked and desk.book.next_seq() == 1


def test_the_same_key_under_another_signature_has_ended_too(world: World) -> None:
    """K-26: it is account and key that count; a certificate has as many bytes as its account cares to sign."""
    desk = world.desk()
    end_session(by_key(world, end_of(world, world.session())), desk)
    with pytest.raises(SessionRevoked):
        release(world.command(world.request(session=world.session(expires=NOW + 1800))), desk)


def test_other_sessions_go_on(world: World) -> None:
    """K-26: another key of the same account, and the same key under another account."""
    desk, key = world.desk(), SessionKey.generate()
    ended = world.session(key=key.public)
    end_session(by_key(world, end_of(world, ended), key), desk)
    world.given(desk, world.request())
    mine = world.session(signer="alice", kind=SessionKind.PATIENT, key=key.public)
    end_session(by_wallet(world, end_of(world, mine), "alice"), desk)
    world.given(desk, world.request())


def test_the_patients_session_ends_for_receipts_as_well(world: World) -> None:
    """K-26, K-10."""
    desk = world.desk()
    session = world.session(signer="alice", kind=SessionKind.PATIENT)
    assert receipts(world.signed_query(session=session), desk).evidence == ()
    end_session(by_key(world, end_of(world, session)), desk)
    with pytest.raises(SessionRevoked):
        receipts(world.signed_query(session=session), desk)
    with pytest.raises(SessionRevoked):
        release(world.command(world.own_request(session=session)), desk)


def test_a_wallet_signs_what_it_shows(world: World) -> None:
    """K-26: typed data that any wallet shows in words; an independent library signs the same bytes."""
    end = end_of(world, world.session())
    shown = typed_data(end)
    assert shown["message"]["statement"] == "I end this session. From now on nobody reads by it."
    signed = Account.sign_message(encode_typed_data(full_message=shown), world.keys["dr_bose"])
    assert end_session(Signed(end.to_bytes(), bytes(signed.signature)), world.desk()) == end


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"chain_id": 5}, ChainWrong),
        ({"ended_at": NOW - FRESH_SECONDS - 1}, RequestStale),
        ({"ended_at": NOW + FRESH_SECONDS + 1}, RequestStale),
        ({"actor": "0x" + "99" * 20}, SignatureInvalid),
    ],
)
def test_an_end_is_refused_unless_it_is_fresh_and_meant_for_here(
    world: World, changes: dict[str, Any], problem: type[ConsentryError]
) -> None:
    """K-26, K-2: before any chain work; the session goes on."""
    desk, session = world.desk(), world.session()
    with pytest.raises(problem):
        end_session(by_key(world, end_of(world, session, **changes)), desk)
    assert not world.ledger.asked
    world.given(desk, world.request(session=session))


def test_nobody_ends_the_session_of_somebody_else(world: World) -> None:
    """K-26: not another key, not another wallet, not by naming oneself."""
    desk, session = world.desk(), world.session()
    end = end_of(world, session)
    for signed in (
        by_key(world, end, SessionKey.generate()),
        by_wallet(world, end, "mallory"),
        by_wallet(world, replace(end, actor=world.account("mallory")), "mallory"),
    ):
        with pytest.raises(SignatureInvalid):
            end_session(signed, desk)
    assert not world.ledger.asked
    world.given(desk, world.request(session=session))


def test_only_sessions_of_accounts_that_the_chain_knows_are_kept(world: World) -> None:
    """K-26, K-2: or anybody could fill the disk with keys of nobody."""
    mallory = world.account("mallory")
    desk, session = world.desk(), world.session(signer="mallory", actor=mallory)
    with pytest.raises(ActorUnknown):
        end_session(by_key(world, end_of(world, session)), desk)
    assert not desk.sessions.ended(mallory, session.fields.key)


def test_ends_are_kept_until_their_sessions_end_and_no_longer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K-26: bounded for each account; an end that found no room is taken once an earlier session is over."""
    monkeypatch.setattr(ended_sessions, "MOST_OF_ONE", 2)
    desk = world.desk()
    keys = [SessionKey.generate() for _ in range(3)]
    sessions = [world.session(key=key.public, expires=NOW + 30 * (at + 1)) for at, key in enumerate(keys)]
    for at in (0, 1, 1):
        end_session(by_key(world, end_of(world, sessions[at]), keys[at]), desk)
    with pytest.raises(RateLimited) as limited:
        end_session(by_key(world, end_of(world, sessions[2]), keys[2]), desk)
    assert limited.value.seconds == 30
    world.clock.time = NOW + 30
    end_session(by_key(world, end_of(world, sessions[2]), keys[2]), desk)
    kept = [desk.sessions.ended(world.account("dr_bose"), key.public) for key in keys]
    assert kept == [False, True, True]


def test_a_session_lasts_eight_hours_at_most_and_its_end_has_a_layout(world: World) -> None:
    """K-26, K-2."""
    desk = world.desk()
    for expires in (NOW, NOW + 8 * 3600 + 1):
        with pytest.raises(SignatureInvalid):
            release(world.command(world.request(session=world.session(expires=expires))), desk)
    world.given(desk, world.request(session=world.session(expires=NOW + 8 * 3600)))
    raw = end_of(world, world.session()).to_bytes()
    assert SessionEnd.parse(raw).to_bytes() == raw
    for bad in (raw.replace(b"session-end", b"session-endx"), raw[:-1], b"{}"):
        with pytest.raises(LayoutInvalid):
            end_session(Signed(bad, world.session_key.sign(bad)), desk)

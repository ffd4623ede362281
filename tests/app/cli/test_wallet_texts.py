"""A wallet signs texts and sessions of one form only, for the member that was signed in to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consentry.crypto.signatures import SessionKey
from consentry.domain import sessions, times
from consentry.domain.sessions import PatientSession, Session
from consentry.wallets.checks import LinkAsked, Reading, check_link_text, reading_session
from consentry.wallets.problems import SigningRefused
from tests.app.cli.test_wallet_checks import ALICE, MALLORY, NOW, sign_in_text

REF = "ab" * 16


def link_text(**changes: str) -> str:
    words = {"member": "Mercy Hospital", "ref": REF, "chain": "1337", "until": times.iso(NOW + 600)} | changes
    return (
        "{member} wants to file this wallet with my patient number there.\n\n"
        "I sign this at its desk. It lets nobody read anything, and costs nothing.\n\n"
        "Reference: {ref}\nChain: {chain}\nNonce: {nonce}\nValid until: {until}"
    ).format(**words, nonce="0" * 32)


def test_link_texts_are_the_desks_own_to_the_letter() -> None:
    """G-4: text of any other form is not signed, whatever it names."""
    asked = LinkAsked("Mercy Hospital", REF, 1337)
    check_link_text(link_text(), asked, NOW)
    for bad in (
        sign_in_text(),
        link_text(member="City Hospital"),
        link_text(member="I give Mercy Hospital everything. It"),
        link_text(ref="cd" * 16),
        link_text(chain="1"),
        link_text(until=times.iso(NOW + 3600)),
        link_text(until=times.iso(NOW - 3600)),
        link_text(until="2026-13-40T00:00:00Z"),
        link_text() + "\nAnd I owe mallory a house.",
        link_text() + "\n",
        link_text() + "\x1b[2J",
        f"Mercy Hospital {REF}",
        "",
    ):
        with pytest.raises(SigningRefused):
            check_link_text(bad, asked, NOW)


def test_reading_sessions_are_for_their_holder_purpose_and_hours() -> None:
    """K-2: neither longer, nor for another purpose, person or chain."""
    staff = Session(ALICE, "City Hospital", "TREAT", SessionKey.generate().public, NOW + 3600)
    own = PatientSession(ALICE, "City Hospital", SessionKey.generate().public, NOW + 3600)
    by = Reading(ALICE, "TREAT", "City Hospital", 1337)
    assert reading_session(sessions.typed_data(staff, 1337), by, NOW)
    assert reading_session(sessions.typed_data(own, 1337), replace(by, purpose=None), NOW)
    refused: list[tuple[Session | PatientSession, str | None, int]] = [
        (replace(staff, actor=MALLORY), "TREAT", 1337),
        (replace(staff, member="Mercy Hospital"), "TREAT", 1337),
        (replace(own, served_by="Mercy Hospital"), None, 1337),
        (replace(staff, purpose="HRESCH"), "TREAT", 1337),
        (replace(staff, expires=NOW + 10 * 3600), "TREAT", 1337),
        (replace(staff, expires=NOW), "TREAT", 1337),
        (replace(own, patient=MALLORY), None, 1337),
        (own, "TREAT", 1337),
        (staff, None, 1337),
        (staff, "TREAT", 1),
    ]
    for session, purpose, chain in refused:
        asked = replace(by, purpose=purpose, chain_id=chain)
        with pytest.raises(SigningRefused):
            reading_session(sessions.typed_data(session, 1337), asked, NOW)
    for rubbish in (None, {}, {"message": 1}, "text"):
        with pytest.raises(SigningRefused):
            reading_session(rubbish, by, NOW)

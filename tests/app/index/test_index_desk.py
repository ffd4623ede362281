"""The gateway's desk: links, proposals, consents; and the database under all of it."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.databases.place import Place
from consentry.errors import StoreUnreachable
from consentry.index.gateway_store import (
    GatewayStore,
    HeldConsent,
    HeldState,
    Link,
    Proposal,
    ProposalState,
)

NOW = 1_800_000_000
ALICE = "0x" + "a1" * 20
MALLORY = "0x" + "66" * 20
DESK = "0x" + "de" * 20


@pytest.fixture
def desk(place: Place) -> Iterator[GatewayStore]:
    made = GatewayStore(place)
    yield made
    made.database.close()


def link(patient: str = ALICE, number: bytes | None = None) -> Link:
    return Link(number or secrets.token_bytes(32), patient, NOW, DESK, '{"challenge":"…"}')


def test_link_holds_until_it_is_ended(desk: GatewayStore) -> None:
    """G-4: one live link a number, several numbers a patient; a taken number keeps its patient."""
    first = link()
    assert desk.link_of(first.number_key) is None
    assert desk.link(first) == first and desk.link_of(first.number_key) == first
    taken = desk.link(link(MALLORY, first.number_key))
    assert taken == first and taken.patient == ALICE
    second = desk.link(link())
    assert desk.link_of(second.number_key) == second
    assert desk.unlink(first.ref, NOW + 1) and not desk.unlink(first.ref, NOW + 2)
    assert desk.link_of(first.number_key) is None and desk.link_of(second.number_key) == second
    renewed = link(MALLORY, first.number_key)
    assert desk.link(renewed) == renewed


def test_link_has_one_winner_when_two_desks_link_at_once(desk: GatewayStore, place: Place) -> None:
    """G-4."""
    number, other = secrets.token_bytes(32), GatewayStore(place)
    patients = [f"0x{i:040x}" for i in range(10)]
    with ThreadPoolExecutor(5) as pool:
        won = list(pool.map(lambda i: (desk, other)[i % 2].link(link(patients[i], number)), range(10)))
    assert len({one.patient for one in won}) == 1


def test_proposal_is_settled_once(desk: GatewayStore) -> None:
    """G-6: a proposal that was granted stays granted, by the consent that was signed first."""
    new = Proposal(secrets.token_bytes(16), ALICE, "{}", NOW, DESK, NOW + 100)
    desk.propose(new)
    assert desk.proposal(new.proposal_id) == new and desk.proposal(b"none") is None
    assert desk.proposals_of(ALICE) == (new,) and desk.proposals_of(MALLORY) == ()
    consent_id = secrets.token_bytes(32)
    assert desk.settle_proposal(new.proposal_id, ProposalState.GRANTED, consent_id)
    assert not desk.settle_proposal(new.proposal_id, ProposalState.GRANTED, secrets.token_bytes(32))
    granted = replace(new, state=ProposalState.GRANTED, consent_id=consent_id)
    assert desk.proposal(new.proposal_id) == granted and desk.proposals_of(ALICE) == (granted,)


def test_open_proposal_is_the_last_ones_who_proposed_it(desk: GatewayStore) -> None:
    """W-119: whoever proposed it before drops it no more; what was granted stays as it is."""
    new = Proposal(secrets.token_bytes(16), ALICE, "{}", NOW, DESK, NOW + 100)
    later = replace(new, proposed_by=MALLORY, proposed_at=NOW + 1)
    desk.propose(new)
    desk.propose(later)
    desk.keep_proposal(new)
    desk.drop_proposal(new.proposal_id, DESK)
    assert desk.proposal(new.proposal_id) == later
    desk.settle_proposal(new.proposal_id, ProposalState.GRANTED)
    desk.propose(new)
    desk.drop_proposal(new.proposal_id, MALLORY)
    assert desk.proposal(new.proposal_id) == replace(later, state=ProposalState.GRANTED)
    other = replace(new, proposal_id=secrets.token_bytes(16))
    desk.keep_proposal(other)
    desk.drop_proposal(other.proposal_id, DESK)
    assert desk.proposal(other.proposal_id) is None


def test_consent_is_held_and_never_comes_back_from_revoked(desk: GatewayStore) -> None:
    """C-6, G-6: holding it again changes nothing."""
    new = HeldConsent(secrets.token_bytes(32), ALICE, "{}", b"s" * 65, NOW, NOW + 9, NOW)
    desk.hold(new)
    desk.hold(replace(new, consent='{"other":1}'))
    assert desk.consent(new.consent_id) == new and desk.consent(b"none") is None
    transaction = secrets.token_bytes(32)
    assert desk.mark_consent(new.consent_id, HeldState.GRANTED, transaction)
    assert desk.consents_of(ALICE) == (replace(new, transaction=transaction),)
    assert desk.mark_consent(new.consent_id, HeldState.REVOKED)
    assert not desk.mark_consent(new.consent_id, HeldState.GRANTED)
    held = desk.consent(new.consent_id)
    assert held is not None and (held.state, held.transaction) == (HeldState.REVOKED, transaction)


def test_database_raises_store_unreachable_when_the_file_is_none(tmp_path: Path) -> None:
    """P-1: a damaged or foreign file, another version, an impossible place: typed, and without any content."""
    path = tmp_path / "gateway.sqlite"
    path.write_bytes(b"not a database, " * 100)
    with pytest.raises(StoreUnreachable, match="gateway.sqlite failed: DatabaseError"):
        GatewayStore(path)
    newer = tmp_path / "newer.sqlite"
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreUnreachable, match="another version"):
        GatewayStore(newer)
    with pytest.raises(StoreUnreachable, match="cannot be made"):
        GatewayStore(path / "below" / "gateway.sqlite")


def test_database_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    """P-1."""
    GatewayStore(tmp_path / "gateway.sqlite").link(link())
    assert (tmp_path / "gateway.sqlite").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.glob("gateway.sqlite*"))

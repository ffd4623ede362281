"""What an author keeps of its own records opens with its offline copy key alone (K-35)."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.crypto import hpke
from consentry.crypto.own_copy import open_own, seal_own
from consentry.crypto.sealing import seal_copy
from consentry.domain import canonical, fields
from consentry.domain.entries import Entry
from consentry.domain.infos import own_info
from consentry.errors import LayoutInvalid, SealInvalid
from tests.app.keeper_world import CHAIN_ID, World


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    world = World(tmp_path)
    header = world.record.header
    copy = seal_copy(hpke.public_key(SEED), header.record_id, world.record_key)
    return Entry(header, world.record.sealing, world.shares, copy)


SEED = hpke.generate_seed()


def test_what_was_kept_opens_as_header_key_and_copy(entry: Entry) -> None:
    """K-35."""
    kept = seal_own(hpke.public_key(SEED), CHAIN_ID, entry)
    own = open_own(SEED, CHAIN_ID, entry.header.record_id, kept)
    assert (own.header, own.copy) == (entry.header, entry.copy) and len(own.key) == 32
    assert entry.header.patient.encode() not in kept


def test_what_was_kept_opens_for_nothing_else(entry: Entry) -> None:
    """K-35: another key, chain, record; and a copy of another record inside."""
    kept, record_id = seal_own(hpke.public_key(SEED), CHAIN_ID, entry), entry.header.record_id
    for seed, chain_id, of in (
        (hpke.generate_seed(), CHAIN_ID, record_id),
        (SEED, CHAIN_ID + 1, record_id),
        (SEED, CHAIN_ID, secrets.token_bytes(32)),
    ):
        with pytest.raises(SealInvalid):
            open_own(seed, chain_id, of, kept)
    foreign = replace(entry, copy=seal_copy(hpke.public_key(SEED), secrets.token_bytes(32), bytes(32)))
    with pytest.raises(SealInvalid):
        open_own(SEED, CHAIN_ID, record_id, seal_own(hpke.public_key(SEED), CHAIN_ID, foreign))
    other = secrets.token_bytes(32)
    for kept_of_other in (b"{}", canonical.dumps(plain(entry))):
        bent = hpke.seal(hpke.public_key(SEED), own_info(CHAIN_ID, other), kept_of_other)
        with pytest.raises(LayoutInvalid):
            open_own(SEED, CHAIN_ID, other, bent)


def plain(entry: Entry) -> dict[str, object]:
    return {"copy": fields.to_base64(entry.copy), "header": entry.header.to_json()}

"""Keys pass, sealed, from a keeper to whoever holds its seat now, and to nobody else (K-31)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from consentry.crypto import hpke
from consentry.crypto.signatures import account_of
from consentry.domain.hand_over import HandOver
from consentry.domain.infos import hand_over_info
from consentry.domain.ledger import CommitteeInfo
from consentry.errors import HandOverEmpty, HandOverInvalid
from consentry.services.hand_over import HandedOver, Seat, hand_over, seeds_of, take_over, with_seeds
from tests.app.keeper_successor import Successor, replace_keeper
from tests.app.keeper_world import World

SEAT = 2


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def successor(world: World) -> Successor:
    return replace_keeper(world, SEAT)


def handed(world: World, *seeds: bytes) -> HandedOver:
    return hand_over(account_of(world.keeper_keys[SEAT]), seeds or (world.seeds[SEAT],), world.ledger)


def test_hand_over_reaches_the_successor_and_take_over_changes_nothing_twice(
    world: World, successor: Successor
) -> None:
    """K-31."""
    file = handed(world).file
    (key,) = file.keys
    assert (key.version, key.seat, key.to_version, key.to) == (1, SEAT, 2, successor.account)
    raw = file.to_bytes()
    assert HandOver.parse(raw + b"\r\n") == file and world.seeds[SEAT] not in raw
    taken = take_over(raw, successor.account, (successor.seed,), world.ledger)
    assert taken.fresh == (world.seeds[SEAT],) and taken.seats == (Seat(1, SEAT),)
    again = take_over(raw, successor.account, (successor.seed, *taken.fresh), world.ledger)
    assert again.fresh == () and again.seats == taken.seats


def test_hand_over_passes_on_what_was_taken_over_before(world: World, successor: Successor) -> None:
    """K-31: both keys of the seat go to whoever follows next; a version that names the same key needs no second one."""
    other = replace_keeper(world, 4)
    last = replace_keeper(world, SEAT)
    found = hand_over(successor.account, (successor.seed, world.seeds[SEAT]), world.ledger)
    assert [(one.version, one.to) for one in found.file.keys] == [(1, last.account), (2, last.account)]
    taken = take_over(found.file.to_bytes(), last.account, (last.seed,), world.ledger)
    assert set(taken.fresh) == {world.seeds[SEAT], successor.seed}
    assert handed(world).file.keys[0].to == last.account
    with pytest.raises(HandOverInvalid, match=last.account):
        take_over(found.file.to_bytes(), other.account, (other.seed,), world.ledger)


def test_hand_over_says_which_keys_it_lacks(world: World, successor: Successor) -> None:
    """K-31: what was never taken over cannot be passed on."""
    replace_keeper(world, SEAT)
    found = hand_over(successor.account, (successor.seed,), world.ledger)
    assert found.lacking == (Seat(1, SEAT),) and len(found.file.keys) == 1
    with pytest.raises(HandOverEmpty, match="holds none of the keys"):
        handed(world, hpke.generate_seed())


def test_hand_over_gives_nothing_away_while_the_keeper_holds_its_seat(world: World) -> None:
    """K-31."""
    with pytest.raises(HandOverEmpty):
        handed(world)


def test_hand_over_waits_until_the_committee_is_final(world: World, successor: Successor) -> None:
    """K-31: a key that was passed on cannot be called back when the chain is reorganised; taken over neither."""
    raw = handed(world).file.to_bytes()
    world.ledger.final = replace(world.ledger.latest)
    world.ledger.unfinal_versions = 1
    with pytest.raises(HandOverEmpty):
        handed(world)
    with pytest.raises(HandOverInvalid, match="by the final block"):
        take_over(raw, successor.account, (successor.seed,), world.ledger)


def forged(world: World, successor: Successor, seed: bytes, seat: int = SEAT) -> bytes:
    """What anybody can seal to the successor's public key."""
    contract = world.ledger.address_of("KeeperCommittee")
    info = hand_over_info(world.ledger.chain_id, contract, 1, seat, 2, successor.account)
    file = handed(world).file
    key = replace(file.keys[0], seat=seat, sealed=hpke.seal(hpke.public_key(successor.seed), info, seed))
    return replace(file, keys=(key,)).to_bytes()


def test_take_over_refuses_a_key_that_the_committee_does_not_name(world: World, successor: Successor) -> None:
    """K-31: another key, another seat's, no key at all."""
    mine = (successor.seed,)
    for seed in (hpke.generate_seed(), world.seeds[1]):
        with pytest.raises(HandOverInvalid, match="not the key that committee 1 names for seat 2"):
            take_over(forged(world, successor, seed), successor.account, mine, world.ledger)
    with pytest.raises(HandOverInvalid, match="does not follow in seat 1"):
        take_over(forged(world, successor, world.seeds[1], seat=1), successor.account, mine, world.ledger)


def test_take_over_refuses_what_was_altered_or_is_sealed_for_something_else(
    world: World, successor: Successor
) -> None:
    """K-31: the chain, the seat and the versions are bound to the sealed key."""
    file, mine = handed(world).file, (successor.seed,)
    flipped = replace(file.keys[0], sealed=bytes(1120) + file.keys[0].sealed[1120:])
    for raw, words in (
        (replace(file, chain_id=7).to_bytes(), "another chain"),
        (replace(file, committees="0x" + "12" * 20).to_bytes(), "another chain"),
        (replace(file, keys=(flipped,)).to_bytes(), "does not open"),
        (replace(file, keys=(replace(file.keys[0], seat=9),)).to_bytes(), "does not follow in seat 9"),
        (b"{}", "file"),
        (bytes(2**20 + 1), "at most 1 MiB"),
    ):
        with pytest.raises(HandOverInvalid, match=words):
            take_over(raw, successor.account, mine, world.ledger)
    with pytest.raises(HandOverInvalid, match="lacks the sealing key that committee 2 names"):
        take_over(file.to_bytes(), successor.account, (hpke.generate_seed(),), world.ledger)


def test_take_over_does_not_open_a_key_under_another_version(world: World, successor: Successor) -> None:
    """K-31: version 3 names the same successor; what was sealed under version 2 says so."""
    world.ledger.committees[3] = CommitteeInfo(3, 3, world.ledger.committees[2].keepers)
    file = handed(world).file
    assert file.keys[0].to_version == 3
    bent = replace(file, keys=(replace(file.keys[0], to_version=2),))
    with pytest.raises(HandOverInvalid, match="does not open"):
        take_over(bent.to_bytes(), successor.account, (successor.seed,), world.ledger)


def test_with_seeds_keeps_what_the_keystore_held(world: World) -> None:
    """K-31: the account and the first key stay; the same seed twice is one."""
    held = {"account": b"a" * 32, "sealing": world.seeds[0]}
    more = with_seeds(with_seeds(held, [world.seeds[1]]), [world.seeds[1], world.seeds[2]])
    assert set(seeds_of(more)) == set(world.seeds[:3]) and len(seeds_of(more)) == 3
    assert seeds_of(held) == (world.seeds[0],) and more["account"] == held["account"]

"""A committee of two hospitals and three trustees, as the consortium publishes it."""

from __future__ import annotations

import secrets

from consentry.crypto import hpke
from consentry.crypto.signatures import account_of, generate_account_key
from consentry.domain.ledger import CommitteeInfo
from tests.app.chain.world import World

CHAMBERS = (0, 0, 1, 2, 1)


def publish_committee(world: World, keys: list[bytes], seeds: list[bytes], urls: list[str]) -> CommitteeInfo:
    """Keepers with these account keys and sealing seeds at these addresses; three of the five open."""
    members = [world.mercy_hospital.address, world.city_hospital.address]
    for _ in range(3):
        account, name = account_of(generate_account_key()), f"Keeper {secrets.token_hex(4)}"
        world.consortium.transact("MemberRegistry", "admit", account, name, "trustee")
        members.append(account)
    for member, chamber in zip(members, CHAMBERS, strict=True):
        world.consortium.transact("MemberSeat", "give", member, chamber)
    seats = [
        (account_of(keys[s]), members[s], CHAMBERS[s], urls[s], hpke.public_key(seeds[s])) for s in range(5)
    ]
    world.consortium.transact("KeeperCommittee", "publish", seats, 3)
    committee = world.ledger.committee()
    assert committee is not None and committee.keepers[0].url == urls[0]
    return committee

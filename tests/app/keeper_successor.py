"""A keeper of the made-up world is replaced: the next version, and the desk of whoever sits there then."""

from __future__ import annotations

from dataclasses import dataclass, replace

from consentry.crypto import hpke
from consentry.crypto.signatures import account_of, generate_account_key
from consentry.domain.addresses import Address
from consentry.domain.ledger import CommitteeInfo
from consentry.services.keeper_desk import Desk
from tests.app.keeper_world import World


@dataclass(frozen=True)
class Successor:
    """Its keys; `seed` is that of its own sealing key."""

    world: World
    seat: int
    key: bytes
    seed: bytes

    @property
    def account(self) -> Address:
        return account_of(self.key)

    def desk(self, *taken_over: bytes) -> Desk:
        return replace(
            self.world.desk_of(self.key, self.seed, f"keeper-{self.account}"), other_seeds=taken_over
        )


def replace_keeper(world: World, seat: int) -> Successor:
    """Publish the next version, in which another account and member has this seat."""
    made = Successor(world, seat, generate_account_key(), hpke.generate_seed())
    last = world.ledger.committees[max(world.ledger.committees)]
    keepers = list(last.keepers)
    keepers[seat] = replace(
        keepers[seat],
        account=made.account,
        member=made.account,
        url=f"http://127.0.0.1:{100 + last.version}",
        sealing_key=hpke.public_key(made.seed),
    )
    world.ledger.committees[last.version + 1] = CommitteeInfo(last.version + 1, 3, tuple(keepers))
    world.ledger.latest.keepers.add(made.account)
    return made

"""A committee of keepers with real keys, for tests."""

from __future__ import annotations

from functools import cache

from consentry.crypto.hpke import KeyPair
from consentry.domain.ledger import Chamber, CommitteeInfo, KeeperInfo
from tests.vectors.samples import account, filler


@cache
def keys(seats: int = 5) -> tuple[KeyPair, ...]:
    return tuple(KeyPair.from_seed(filler(f"keeper seed {seat}")) for seat in range(seats))


def committee(seats: int = 5, threshold: int = 3) -> CommitteeInfo:
    keepers = tuple(
        KeeperInfo(
            seat=seat,
            account=account(f"keeper {seat}"),
            member=account(f"member {seat}"),
            chamber=Chamber(seat % 3),
            url=f"http://keeper-{seat}.test",
            sealing_key=pair.public,
        )
        for seat, pair in enumerate(keys(seats))
    )
    return CommitteeInfo(version=4, threshold=threshold, keepers=keepers)

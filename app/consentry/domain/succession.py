"""Who holds the seats of an old committee after keepers were replaced (specification K-30, design §3 "seat").

The rule reads nothing but the committees that the chain names, so that readers, keepers and whoever verifies a receipt come
to the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from consentry.domain.ledger import CommitteeInfo, KeeperInfo

Line = tuple[KeeperInfo, ...]
"""Who had a seat's key, oldest first; the last one holds the seat."""


def lines(committees: Sequence[CommitteeInfo]) -> tuple[Line, ...]:
    """The line of each seat of the first of these committees, by seat; the others are its later versions, in order.

    Each keeper is told as the newest version that seats it names it (address, chamber), with the old seat and its old
    sealing key.
    """
    first, *later = committees
    held: dict[int, list[KeeperInfo]] = {one.seat: [one] for one in first.keepers}
    newest = {one.account: one for committee in committees for one in committee.keepers}
    for committee in later:
        seated = {one.account for one in committee.keepers}
        for one in committee.keepers:
            line = held.get(one.seat)
            if (
                line is not None
                and line[-1].account not in seated
                and _may_follow(one, held, first.threshold)
            ):
                line.append(one)
    return tuple(
        tuple(
            replace(newest[one.account], seat=place.seat, sealing_key=place.sealing_key)
            for one in held[place.seat]
        )
        for place in first.keepers
    )


def holders(committees: Sequence[CommitteeInfo]) -> CommitteeInfo:
    """The first of these committees as it is asked today: each seat by its holder; `former` holders newest first, but for
    those at whose address the holder answers now."""
    found = lines(committees)
    former = tuple(one for line in found for one in reversed(line[:-1]) if one.url != line[-1].url)
    return replace(committees[0], keepers=tuple(line[-1] for line in found), former=former)


def _may_follow(one: KeeperInfo, held: dict[int, list[KeeperInfo]], threshold: int) -> bool:
    """Whoever had a key may have kept it. So what a member or a chamber ever knew counts, not what it holds now."""
    elsewhere = [known for seat, line in held.items() if seat != one.seat for known in line]
    if any(known.member == one.member for known in elsewhere):
        return False
    if any(known.chamber == one.chamber for known in held[one.seat]):
        return True
    of_chamber = {known.seat for known in elsewhere if known.chamber == one.chamber}
    return len(of_chamber) + 1 < threshold

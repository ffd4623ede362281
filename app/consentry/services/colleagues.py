"""Who works here: accounts by the names that the member's settings give them, with what the chain says of each (W-72).

The chain holds nobody's name; a member names its own people, to its own people and to patients about whom they asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consentry.domain.addresses import Address
from consentry.domain.ledger import StaffInfo
from consentry.ports import Clock, Ledger


@dataclass(frozen=True)
class Colleague:
    """`name` is None for an account that the settings do not name; `active`: enrolled here, with a licence that goes on."""

    name: str | None
    enrolled: StaffInfo
    active: bool


def colleagues(
    accounts: Iterable[Address], names: Mapping[str, str], member: Address, ledger: Ledger, clock: Clock
) -> tuple[Colleague, ...]:
    """Those of these accounts that the member enrolled, in the order of their names; nameless ones last."""
    asked = list(dict.fromkeys(accounts))
    now = clock.now()
    answers = ledger.evaluate([ledger.staff_call(one) for one in asked]) if asked else ()
    enrolled = [found for found in (answer.get() for answer in answers) if found is not None]
    here = [
        Colleague(names.get(one.account), one, now < one.licence_end_at)
        for one in enrolled
        if one.member == member
    ]
    return tuple(sorted(here, key=lambda one: (one.name is None, one.name or "", one.enrolled.account)))


def named(accounts: Iterable[Address], names: Mapping[str, str]) -> dict[Address, str]:
    """The names of those of these accounts that the settings name."""
    return {one: names[one] for one in accounts if one in names}

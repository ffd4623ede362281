"""Whether what a session was shown may be given to it again: asked of the chain each time (specification F-19).

The contract answers for each ground as it does for a category seed: that the consent or opening is in force, and that the reader
still is who it was read for. What an author has retracted since is not given again either.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from consentry.domain.addresses import ZERO
from consentry.domain.categories import Category
from consentry.domain.grounds import Reason
from consentry.domain.ledger import Asker, ContractCall
from consentry.domain.request_items import ConsentGround, EmergencyGround, Ground
from consentry.domain.terms import ANY, Terms
from consentry.errors import NoGround
from consentry.ports import Clock, Ledger
from consentry.services.anchor_times import AnchorTimes
from consentry.services.episodes import EpisodePorts
from consentry.services.reading_session import Reader
from consentry.services.shown import Shown, ShownSet


@dataclass(frozen=True)
class ShownPorts:
    ledger: Ledger
    clock: Clock
    episodes: EpisodePorts
    shown: Shown
    anchored: AnchorTimes


def require_grounds(shown: ShownSet, places: Iterable[int], reader: Reader, ports: ShownPorts) -> None:
    """Nothing of a set is given again once one of its grounds has ended; then it is dropped whole.

    Raises NoGround; ChainUnreachable, ChainWrong.
    """
    try:
        _require(shown, places, reader, ports)
    except NoGround:
        ports.shown.drop(shown)
        raise


def _require(shown: ShownSet, places: Iterable[int], reader: Reader, ports: ShownPorts) -> None:
    now, ledger = ports.clock.now(), ports.ledger
    if shown.department and shown.department not in ports.episodes.book.current(shown.patient, now):
        raise NoGround()
    asker = Asker(
        actor=reader.practitioner or reader.actor,
        signer=reader.actor,
        purpose=reader.purpose,
        at=now,
        episode_by=ports.episodes.system.account if shown.department else ZERO,
        episode_department=shown.department,
    )
    grounds = [_call(ground, asker, ledger) for ground in shown.grounds]
    records = [ledger.retracted_call(*record) for record in sorted(shown.records(places))]
    holding: list[ContractCall[Reason | bool]] = [*grounds, *records]
    answers = [answer.get() for answer in ledger.evaluate(holding)]
    held, retracted = answers[: len(grounds)], answers[len(grounds) :]
    if not held or not all(answer is True or answer is Reason.Permitted for answer in held) or any(retracted):
        raise NoGround()


def _call(ground: Ground, asker: Asker, ledger: Ledger) -> ContractCall[Reason] | ContractCall[bool]:
    if isinstance(ground, EmergencyGround):
        return ledger.permit_opening_directory_call(ground.opening, asker, Category.EMERGENCY)
    if isinstance(ground, ConsentGround):
        category = _category(ground.terms, asker.purpose)
        return ledger.permit_directory_call(ground.grant, ground.terms, asker, category, ground.mandate)
    return ledger.acts_for_call(ground.patient, asker.signer)


def _category(terms: Terms, purpose: str) -> str:
    """One that the terms cover for this purpose: under it the contract answers whether they hold."""
    for provision in terms.provisions:
        if provision.purposes == (ANY,) or purpose in provision.purposes:
            return Category.VISIT if provision.categories == (ANY,) else provision.categories[0]
    raise NoGround()

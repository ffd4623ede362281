"""Episodes at the desk: the hospital's system says who is in which department's care (specification G-11).

A reader whose role reads in a current episode only gets the gateway's assertion of it, signed by the member's system account
at each reading, so that an episode that ended counts no longer than that assertion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.domain.episodes import Episode, EpisodeAssertion
from consentry.errors import EpisodeNotNoted, LayoutInvalid
from consentry.ports import Clock, Ledger
from consentry.ports.desk_values import NotedEpisode
from consentry.services.link import LinkPorts, patient_of_ref
from consentry.services.reading_session import Reader, SystemSession

ASSERTED_SECONDS = 900
NOTED_SECONDS = 31 * 86_400


class EpisodeBook(Protocol):
    """Durable; every method is one transaction, safe from any thread."""

    def note(self, episode: NotedEpisode) -> None:
        """In place of what was noted for this reference and department."""

    def end(self, ref: str, department: str) -> bool:
        """Whether it was noted."""

    def current(self, patient: Address, now: int) -> Mapping[str, int]:
        """Until when the patient is in which department's care, by live links."""


@dataclass(frozen=True)
class EpisodePorts:
    """`member` is whose staff may read in its episodes, `system` its system account."""

    member: Address
    ledger: Ledger
    clock: Clock
    book: EpisodeBook
    links: LinkPorts
    system: SystemSession


def note(ref: str, department: object, until: int, by: str, ports: EpisodePorts) -> NotedEpisode:
    """Note an episode, or that it lasts until another time. Raises PatientNotLinked, LayoutInvalid."""
    patient_of_ref(ref, ports.links)
    now = ports.clock.now()
    if not now < until <= now + NOTED_SECONDS:
        raise LayoutInvalid("until: must be a time within the next 31 days", expression=("until",))
    noted = NotedEpisode(ref, fields.code(department, "department"), until, now, by)
    ports.book.note(noted)
    return noted


def end(ref: str, department: object, ports: EpisodePorts) -> None:
    """Raises PatientNotLinked, LayoutInvalid, EpisodeNotNoted."""
    patient_of_ref(ref, ports.links)
    if not ports.book.end(ref, fields.code(department, "department")):
        raise EpisodeNotNoted()


def asserted(reader: Reader, patient: Address, ports: EpisodePorts) -> EpisodeAssertion | None:
    """The episode in which this reader reads: of the own department, and only if the own role needs one.

    Whoever needs none is not told to keepers as treating this patient in that department.
    """
    now = ports.clock.now()
    current = ports.book.current(patient, now)
    if not current:
        return None
    practitioner = reader.practitioner or reader.actor
    staff = ports.ledger.staff(practitioner)
    if staff is None or staff.member != ports.member or staff.department not in current:
        return None
    if not ports.ledger.ceiling(staff.role).current_episode_only:
        return None
    until = min(current[staff.department], now + ASSERTED_SECONDS)
    return ports.system.asserts(Episode(patient, practitioner, staff.department, until))

"""A patient asks the hospital that wrote a record to correct or to erase it, and hears what became of that (W-42, W-43).

Nothing is changed by asking: the hospital publishes a corrected version, or erases what the law lets it erase, by its own
commands, and answers here. Only this gateway's member sees the words.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from consentry.crypto.kept import open_kept, seal_kept
from consentry.domain.addresses import Address
from consentry.domain.categories import Category, Confidentiality
from consentry.domain.petitions import MOST_OPEN, Asked, State
from consentry.errors import PetitionsTooMany, PetitionUnknown, RecordUnknown
from consentry.ports import Clock
from consentry.ports.petitions import KeptPetition, Petitions
from consentry.ports.versions import Standing, Versions
from consentry.services.corrections import Source
from consentry.services.retention import Rule, Table

AT_ONCE = 200
_WORDS, _ANSWER = b"consentry/v1/petition-words", b"consentry/v1/petition-answer"


@dataclass(frozen=True)
class PetitionPorts:
    """`content_key` (32 bytes) seals words; `table` and `jurisdiction` say how long this member keeps records."""

    book: Petitions
    versions: Versions
    clock: Clock
    table: Table
    jurisdiction: str
    content_key: bytes = field(repr=False)


@dataclass(frozen=True)
class Ask:
    """Category and confidentiality are those of the record's header, which a reader has and a stranger does not."""

    patient: Address
    record_id: bytes
    category: Category
    confidentiality: Confidentiality
    asked: Asked
    words: str


@dataclass(frozen=True)
class Answer:
    petition_id: bytes
    state: State
    words: str
    by: str


@dataclass(frozen=True)
class Petition:
    """One that was asked here, in the clear."""

    kept: KeptPetition
    words: str
    answer: str


def ask(command: Ask, ports: PetitionPorts) -> Petition:
    """Raises RecordUnknown unless this hospital published the record about this patient, PetitionsTooMany."""
    version = ports.versions.of_records([command.record_id]).get(command.record_id)
    own = Source(ports.content_key, command.patient, "")
    gone = version is not None and version.standing in (Standing.RETRACTING, Standing.RETRACTED)
    if version is None or gone or version.place != own.place(command.category, command.confidentiality):
        raise RecordUnknown()
    name = secrets.token_bytes(16)
    kept = KeptPetition(
        petition_id=name,
        patient=command.patient,
        record_id=command.record_id,
        asked=command.asked,
        sealed_words=seal_kept(ports.content_key, _WORDS, name, command.words.encode("utf-8")),
        asked_at=ports.clock.now(),
    )
    if not ports.book.add(kept, MOST_OPEN):
        raise PetitionsTooMany()
    return Petition(kept, command.words, "")


def petitions_of(patient: Address, ports: PetitionPorts) -> tuple[Petition, ...]:
    """What this patient asked here, the latest first."""
    return _opened(ports.book.of_patient(patient), ports)


def open_petitions(ports: PetitionPorts) -> tuple[Petition, ...]:
    """What waits for an answer here, the oldest first."""
    return _opened(ports.book.open_ones(AT_ONCE), ports)


def answer(command: Answer, ports: PetitionPorts) -> Petition:
    """Raises PetitionUnknown for one that is not here, or was answered."""
    kept = ports.book.get(command.petition_id)
    if kept is None:
        raise PetitionUnknown()
    told = replace(
        kept,
        state=command.state,
        sealed_answer=seal_kept(ports.content_key, _ANSWER, kept.petition_id, command.words.encode("utf-8")),
        answered_at=ports.clock.now(),
        answered_by=command.by,
    )
    if not ports.book.answer(told):
        raise PetitionUnknown()
    return _open(told, ports)


def keeping(ports: PetitionPorts) -> tuple[Rule, ...]:
    """For how long this member must keep records; none if it has not said whose law holds, and then nothing is erased."""
    return tuple(ports.table.get(ports.jurisdiction, ()))


def _opened(kept: Iterable[KeptPetition], ports: PetitionPorts) -> tuple[Petition, ...]:
    return tuple(_open(one, ports) for one in kept)


def _open(kept: KeptPetition, ports: PetitionPorts) -> Petition:
    words = open_kept(ports.content_key, _WORDS, kept.petition_id, kept.sealed_words)
    told = b""
    if kept.sealed_answer:
        told = open_kept(ports.content_key, _ANSWER, kept.petition_id, kept.sealed_answer)
    return Petition(kept, words.decode("utf-8"), told.decode("utf-8"))

"""A patient asks the hospital that wrote a record to correct or to erase it, and hears what became of that (W-42, W-43).

Nothing is changed by asking: the hospital publishes a corrected version, or erases what the law lets it erase, by its own
commands, and answers here. Only this gateway's member sees the words.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from consentry.crypto.kept import open_kept, seal_kept
from consentry.domain.addresses import Address
from consentry.domain.categories import Category, Confidentiality
from consentry.domain.confidentiality import rank
from consentry.domain.petitions import MOST_OPEN, Asked, State
from consentry.errors import PetitionNotDone, PetitionsTooMany, PetitionUnknown, RecordUnknown
from consentry.ports import Clock, Ledger
from consentry.ports.erasures import OwnErasures
from consentry.ports.petitions import KeptPetition, Petitions
from consentry.ports.versions import Standing, Version, Versions
from consentry.services.corrections import Source
from consentry.services.retention import Kept, Rule, Table, kept_until

AT_ONCE = 200
_WORDS, _ANSWER = b"consentry/v1/petition-words", b"consentry/v1/petition-answer"


@dataclass(frozen=True)
class PetitionPorts:
    """`content_key` (32 bytes) seals words; `table` and `jurisdiction` say how long `member` keeps records."""

    member: Address
    book: Petitions
    versions: Versions
    erasures: OwnErasures
    ledger: Ledger
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


@dataclass(frozen=True)
class Waiting:
    """One that waits, as somebody who answers for records sees it, with what became of its record meanwhile: `newer` took its
    place, `erased` says that a store certified it. `law` keeps it from being erased; None if nothing does, or no jurisdiction
    is named. `place` is None for a record that is not in the book any more, and for one above the ceiling of whoever looks,
    which `standing` tells apart. `carried_out`: whether it may be answered as done."""

    petition: Petition
    place: tuple[Category, Confidentiality] | None
    standing: Standing | None
    newer: bytes | None
    erased: bool
    law: Kept | None
    carried_out: bool


@dataclass(frozen=True)
class Listed:
    """The oldest; `more`: whether others follow."""

    petitions: tuple[Waiting, ...]
    more: bool


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


def open_petitions(reader: Address | None, ports: PetitionPorts) -> Listed:
    """What waits for an answer here, the oldest first; `reader` None is a system. Raises ChainUnreachable."""
    kept = ports.book.open_ones(AT_ONCE + 1)
    found = _opened(kept[:AT_ONCE], ports)
    versions = ports.versions.of_records([one.kept.record_id for one in found])
    of_law = [one.kept.record_id for one in found if one.kept.asked is Asked.ERASE]
    anchored = _anchored([*of_law, *_newer(versions.values())], ports)
    waiting = (_waiting(one, versions.get(one.kept.record_id), anchored, ports) for one in found)
    most = _ceiling(reader, ports)
    return Listed(tuple(_below(one, most) for one in waiting), more=len(kept) > AT_ONCE)


def answer(command: Answer, ports: PetitionPorts) -> Petition:
    """Raises PetitionUnknown for one that is not here, or was answered; PetitionNotDone for a word that does not hold, and
    ChainUnreachable where the chain has to say whether it does."""
    kept = ports.book.get(command.petition_id)
    if kept is None or kept.state is not State.OPEN:
        raise PetitionUnknown()
    if command.state is State.DONE and not _is_carried_out(kept, ports):
        raise PetitionNotDone()
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


def _is_carried_out(kept: KeptPetition, ports: PetitionPorts) -> bool:
    versions = ports.versions.of_records([kept.record_id])
    anchored = _anchored(_newer(versions.values()), ports)
    return _carried_out(kept, versions.get(kept.record_id), anchored, ports)


def _carried_out(
    kept: KeptPetition, version: Version | None, anchored: Mapping[bytes, int], ports: PetitionPorts
) -> bool:
    """A correction: the record was taken back, or what takes its place is on chain, where readers find it; what is under way may
    still fail. An erasure: a store says so by its certificate."""
    if kept.asked is Asked.ERASE:
        return _erased(kept.record_id, ports)
    return version is not None and (version.standing is Standing.RETRACTED or version.replaced_by in anchored)


def _newer(versions: Iterable[Version]) -> list[bytes]:
    return [one.replaced_by for one in versions if one.replaced_by is not None]


def _erased(record_id: bytes, ports: PetitionPorts) -> bool:
    return bool(ports.erasures.certificates(record_id))


def _ceiling(reader: Address | None, ports: PetitionPorts) -> int:
    """Up to which confidentiality (domain/confidentiality.rank) it is told what a record is; a system published it."""
    if reader is None:
        return rank(Confidentiality.VERY_RESTRICTED)
    staff = ports.ledger.staff(reader)
    return 0 if staff is None else ports.ledger.ceiling(staff.role).confidentiality


def _below(one: Waiting, most: int) -> Waiting:
    """Without what says of which kind the record is, if that is more than whoever looks may know."""
    return one if one.place is None or rank(one.place[1]) <= most else replace(one, place=None)


def _waiting(
    petition: Petition, version: Version | None, anchored: Mapping[bytes, int], ports: PetitionPorts
) -> Waiting:
    kept, erased = petition.kept, _erased(petition.kept.record_id, ports)
    done = _carried_out(kept, version, anchored, ports)
    if version is None:
        return Waiting(petition, None, None, None, erased, None, done)
    place = Source(ports.content_key, kept.patient, "").places().get(version.place)
    law = None
    if place is not None and kept.asked is Asked.ERASE and keeping(ports):
        # what is not on chain yet is anchored now at the earliest
        now = ports.clock.now()
        since = anchored.get(kept.record_id, now)
        law = kept_until(ports.table, ports.jurisdiction, place[0], since, now)
    return Waiting(petition, place, version.standing, version.replaced_by, erased, law, done)


def _anchored(record_ids: Iterable[bytes], ports: PetitionPorts) -> dict[bytes, int]:
    """Since when those of these records that are on chain are there, in seconds."""
    roots = {one: ports.erasures.root_of(one) for one in record_ids}
    filed = [(record_id, root) for record_id, root in roots.items() if root is not None]
    answers = ports.ledger.evaluate([ports.ledger.anchor_call(ports.member, root) for _, root in filed])
    anchors = zip((record_id for record_id, _ in filed), (one.get() for one in answers), strict=True)
    return {record_id: anchor.anchored_at for record_id, anchor in anchors if anchor is not None}

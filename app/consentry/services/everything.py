"""Reading everything about a patient that a reader has a ground for (design §4 Read, specification G-3, G-6).

A person on the patient's side reads on the ground SELF. Everybody else reads under the consents that the patient gave this
member, that say the purpose, and that hold on chain now; what several consents give is given once, and no keeper is asked under
one that can add nothing. Two people who opened an
emergency summary read it under that opening, and under nothing else at the same time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from threading import Lock

from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.ledger import Grant
from consentry.domain.openings import Opening
from consentry.domain.provisions import exceeding
from consentry.domain.request_items import ConsentGround, EmergencyGround, Ground, SelfGround
from consentry.domain.sessions import PatientSession, SessionKind
from consentry.domain.terms import ANY, Consent
from consentry.errors import ConsentryError, NoGround, RefusedError
from consentry.ports import Clock
from consentry.ports.seed_holders import SeedHolder, SeedHolders
from consentry.services.asking import Asking
from consentry.services.consent import ConsentPorts, active_for
from consentry.services.discover import Seeds
from consentry.services.episodes import EpisodePorts, asserted
from consentry.services.newest import ambiguous
from consentry.services.opening import Given, OpenedRecord
from consentry.services.reading import Gone, Reading, ReadPorts, Which, read
from consentry.services.reading_session import Reader

WORKING_SECONDS = 900
MAX_WORKING = 256


@dataclass(frozen=True)
class WorkingKey:
    """Seeds are held for exactly one purpose, ground, session and practitioner; `holder` is the sign-in's digest,
    `department` the one whose current episode was asserted, or empty."""

    patient: Address
    purpose: str
    ground: Grant | Opening | None
    session: bytes
    practitioner: Address | None
    holder: bytes
    department: str


class WorkingSet:
    """Category seeds of grounds that were just read under: in memory, at most 15 minutes (design §8).

    At most `most` of each kind of session: patients push out nothing of staff, nor anybody of the system account.
    """

    def __init__(self, clock: Clock, most: int = MAX_WORKING) -> None:
        self._clock = clock
        self._most = most
        self._held: dict[SessionKind, OrderedDict[WorkingKey, tuple[int, Seeds]]] = {
            kind: OrderedDict() for kind in SessionKind
        }
        self._lock = Lock()

    def of(self, kind: SessionKind, key: WorkingKey) -> Seeds:
        self.sweep()
        with self._lock:
            held = self._held[kind]
            if key not in held:
                if len(held) >= self._most:
                    held.popitem(last=False)
                held[key] = (self._clock.now() + WORKING_SECONDS, Seeds())
            return held[key][1]

    def held_now(self) -> int:
        """How many sets of seeds are in memory."""
        with self._lock:
            return sum(len(held) for held in self._held.values())

    def sweep(self) -> None:
        """Forget what is 15 minutes old, though nobody reads."""
        now = self._clock.now()
        self._forget(lambda key, ends: ends <= now)

    def forget(self, holder: bytes) -> None:
        """Forget what was read by this sign-in."""
        self._forget(lambda key, ends: key.holder == holder)

    def keep_only(self, patient: Address, purpose: str, grounds: Iterable[Ground]) -> None:
        """Forget what belongs to consents of this patient and purpose that no longer hold."""
        live = {_named(ground) for ground in grounds}
        self._forget(
            lambda key, ends: (key.patient, key.purpose) == (patient, purpose) and key.ground not in live
        )

    def _forget(self, ended: Callable[[WorkingKey, int], bool]) -> None:
        with self._lock:
            for held in self._held.values():
                for key in [one for one, (ends, _) in held.items() if ended(one, ends)]:
                    del held[key]


@dataclass(frozen=True)
class EverythingPorts:
    reading: ReadPorts
    consents: ConsentPorts
    episodes: EpisodePorts
    holders: SeedHolders
    working: WorkingSet = field(repr=False)


def read_everything(
    reader: Reader,
    patient: Address,
    ports: EverythingPorts,
    which: Which = Which.NEWEST,
    opening: Opening | None = None,
    only: frozenset[Category] | None = None,
) -> Reading:
    """What the reader's grounds permit, each record once: the newest version of each document, or all of them; under an
    `opening` of this patient that ground alone (E-12). With `only`, nothing but records of these categories is asked for.

    Raises NoGround, whether there is nothing to allow or keepers refuse all; KeepersInsufficient, ChainUnreachable, … when
    no ground could be read under at all.
    """
    readings: list[Reading] = []
    given = Given(ports.reading.max_bytes)
    problems: list[ConsentryError] = []
    grounds = _grounds(reader, patient, ports) if opening is None else [(EmergencyGround(opening), None)]
    episode = asserted(reader, patient, ports.episodes) if any(consent for _, consent in grounds) else None
    read_whole: list[Consent] = []
    for ground, consent in grounds:
        if consent is not None and any(_adds_nothing(consent, to) for to in read_whole):
            continue
        asking = Asking(
            reader.actor,
            reader.certificate,
            reader.key,
            reader.practitioner,
            reader.purpose,
            ground,
            episode,
            reader.witness,
        )
        seeds = ports.working.of(reader.certificate.kind, _key(reader, asking))
        before = len(seeds.held)
        try:
            readings.append(read(asking, consent, ports.reading, seeds, given, which, only))
            if consent is not None and readings[-1].whole:
                read_whole.append(consent)
        except NoGround:
            continue
        except ConsentryError as problem:
            problems.append(problem)
        finally:
            if len(seeds.held) > before:
                _note_holder(reader, ground, ports)
    if not readings:
        raise problems[0] if problems else NoGround()
    united = _united(readings, problems)
    if reader.witness is not None:
        reader.witness.grounds += united.grounds
        reader.witness.served += [one for record in united.records for one in record.served]
    return replace(united, department="" if episode is None else episode.department)


def _note_holder(reader: Reader, ground: Ground, ports: EverythingPorts) -> None:
    """Who got seeds, so that the patient hears when that should end (D-8); the patient's own side stands on chain."""
    if not isinstance(ground, SelfGround):
        account = reader.practitioner or reader.actor
        # It is compared with block times: a clock that is behind the chain's must not date it before the directory.
        now = max(ports.reading.clock.now(), ports.reading.ledger.head().timestamp)
        ports.holders.note(SeedHolder(ground.patient, account, now))


def _grounds(reader: Reader, patient: Address, ports: EverythingPorts) -> list[tuple[Ground, Consent | None]]:
    session = reader.certificate.fields
    if isinstance(session, PatientSession):
        return [(SelfGround(patient), None)] if session.patient == patient else []
    active = sorted(active_for(patient, reader.purpose, ports.consents), key=lambda one: _comes_later(one[0]))
    grounds: list[tuple[Ground, Consent | None]] = [
        (ConsentGround(one.grant(), one.terms, mandate), one) for one, mandate in active
    ]
    ports.working.keep_only(patient, reader.purpose, [ground for ground, _ in grounds])
    return grounds


def _comes_later(consent: Consent) -> tuple[bool, int]:
    """Uses that are counted are left for what no other gives; of the others the broadest may make the rest needless."""
    kinds = (
        len(Category) if ANY in one.categories else len(one.categories) for one in consent.terms.provisions
    )
    return consent.terms.max_uses > 0, -sum(kinds)


def _adds_nothing(consent: Consent, to: Consent) -> bool:
    """Under `to` nothing was withheld, whatever its roles: so every record that these provisions cover is given already."""
    inner, outer = consent.terms.provisions, to.terms.provisions
    return all(any(exceeding(one, wider) is None for wider in outer) for one in inner)


def _key(reader: Reader, asking: Asking) -> WorkingKey:
    return WorkingKey(
        patient=asking.ground.patient,
        purpose=reader.purpose,
        ground=_named(asking.ground),
        session=reader.certificate.signature,
        practitioner=reader.practitioner,
        holder=reader.holder,
        department="" if asking.episode is None else asking.episode.department,
    )


def _named(ground: Ground) -> Grant | Opening | None:
    """The grant holds the hash of the terms, and so names the consent."""
    if isinstance(ground, EmergencyGround):
        return ground.opening
    return ground.grant if isinstance(ground, ConsentGround) else None


def _united(readings: list[Reading], problems: list[ConsentryError]) -> Reading:
    """Grounds may each give another header under one author and id: then neither counts (D-5)."""
    records: dict[tuple[Address, bytes], OpenedRecord] = {}
    twice: dict[tuple[Address, bytes], str] = {}
    for record in (one for reading in readings for one in reading.records):
        key = (record.header.author, record.header.record_id)
        if records.setdefault(key, record).named != record.named:
            twice[key] = ambiguous(record.author_name)
    words = [words for reading in readings for words in reading.incomplete] + list(twice.values())
    # A refusal (a clock that is off, a session that ended) says nothing about what is technically missing.
    words += [
        f"{one.code}: a part could not be read" for one in problems if not isinstance(one, RefusedError)
    ]
    kept = (record for key, record in records.items() if key not in twice)
    gone: dict[tuple[Address, bytes], Gone] = {
        (one.header.author, one.header.record_id): one for reading in readings for one in reading.gone
    }
    lying = dict.fromkeys(words for reading in readings for words in reading.lying)
    grounds = tuple(ground for reading in readings for ground in reading.grounds)
    return Reading(tuple(kept), tuple(dict.fromkeys(words)), tuple(gone.values()), tuple(lying), grounds)

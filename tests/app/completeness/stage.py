"""The network beside its model, and what readers must find: exactly what the model says (D-18)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from consentry.domain.terms import Consent
from consentry.errors import DirectoryNotOpen, NoGround
from consentry.services.reading import Reading, ReadPorts, Which, read
from tests.app.completeness.model import Book, Model, Statement
from tests.app.completeness.mortal import Process
from tests.app.completeness.network import HOSPITALS, PATIENTS, Network
from tests.app.completeness.saying import CATEGORIES, Seen, statement_of


@dataclass
class Doubt:
    """An author died at this work: it happened, or not, or in part, until it is repeated; `again` repeats it in the model."""

    before: Model
    work: Any
    again: Callable[[], None]


@dataclass(frozen=True)
class Ground:
    """What a reader reads under, and what it covers: the patient's own (without a consent) covers all."""

    patient: str
    consent: Consent | None = None
    categories: tuple[str, ...] = tuple(CATEGORIES)
    most: str = "V"
    authors: tuple[str, ...] = ("any",)


@dataclass
class Stage:
    """`seed` fixes everything but keys; `deaths` is how often an author dies at what it does."""

    seed: int
    folder: Path
    deaths: float = 0.4
    trace: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.network = Network(self.folder)
        self.processes = {name: Process(self.network, name) for name in HOSPITALS}
        self.model = Model(books={name: Book() for name in HOSPITALS})
        self.backups: dict[str, Path] = {}
        self.doubts: dict[str, Doubt] = {}
        self.grounds = [Ground(patient) for patient in PATIENTS]
        self.ports = self.network.read_ports(self.network.index, self.network.scan)

    def live(self, ground: Ground) -> bool:
        return ground.consent is None or ground.consent.grant() in self.network.ledger.granted

    def ends(self) -> None:
        """Everybody comes back, everything is finished; every reader finds what the model says, by a new index too."""
        for author in list(self.doubts):
            self.resolve(author)
        for author in HOSPITALS:
            self.processes[author].start()
        fresh = self.network.read_ports(*self.network.new_index("rebuilt"))
        for ground in self.grounds:
            self.compare(ground, fresh)
        for patient in PATIENTS:
            self._compare_history(Ground(patient), fresh)

    def resolve(self, author: str) -> None:
        """Start an author that died again; it repeats what it was at."""
        doubt = self.doubts.pop(author, None)
        if doubt is not None:
            self.processes[author].start()
            assert self.processes[author].run(doubt.work)
            doubt.again()  # a directory may have opened meanwhile
            self.say(f"{author} is started again and repeats it")

    def compare(self, ground: Ground, ports: ReadPorts) -> None:
        """Read, and find everything that is covered and nothing else."""
        reading = self._read(ground, ports)
        found: Seen = Counter((one.author_name, statement_of(one)) for one in reading.records)
        sure, possible = self._expected(ground, self.model), self._expected(ground, self.model)
        for doubt in self.doubts.values():
            before = self._expected(ground, doubt.before)
            sure, possible = sure & before, possible + before
        assert sure <= found <= possible, self._told(f"lacks {sure - found}, and has {found - possible}")

    def _expected(self, ground: Ground, model: Model) -> Seen:
        if not self.live(ground):
            return Counter()
        visible = model.visible(ground.patient, ground.categories, ground.most)
        return Counter((one.author, one.said) for one in visible if {one.author, "any"} & set(ground.authors))

    def _read(self, ground: Ground, ports: ReadPorts, which: Which = Which.NEWEST) -> Reading:
        consent = ground.consent
        asking = self.network.own(ground.patient) if consent is None else self.network.clinician(consent)
        try:
            reading = read(asking, consent, ports, which=which)
        except (NoGround, DirectoryNotOpen):
            return Reading(())
        assert reading.incomplete == (), self._told(f"incomplete: {reading.incomplete}")
        return reading

    def _compare_history(self, ground: Ground, ports: ReadPorts) -> None:
        reading, replaced = self._read(ground, ports, Which.ALL), self.model.replaced()
        kept: Counter[tuple[str, Statement, int, bool]] = Counter()
        gone: Counter[tuple[str, str, int]] = Counter()
        for at, one in enumerate(self.model.records):
            if one.patient == ground.patient and one.filed:
                if one.retracted:
                    gone[one.author, one.said.category, one.version] += 1
                else:
                    kept[one.author, one.said, one.version, at in replaced] += 1
        found = Counter(
            (one.author_name, statement_of(one), one.header.version, one.replaced) for one in reading.records
        )
        assert found == kept, self._told(f"history lacks {kept - found}, and has {found - kept}")
        told = Counter(
            (one.author_name, str(one.header.category), one.header.version) for one in reading.gone
        )
        assert told == gone, self._told(f"retracted: {told} instead of {gone}")

    def say(self, words: str) -> None:
        self.trace.append(words)

    def _told(self, words: str) -> str:
        return "\n".join((f"seed {self.seed}: {words}", *self.trace))

"""A random play of hospitals, patients and readers, step by step beside the model; the seed fixes it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any

from consentry.domain.retraction import Why
from consentry.services.publish import publish
from consentry.services.retraction import Extent, RetractRecord
from tests.app.completeness.model import Statement
from tests.app.completeness.mortal import STEPS
from tests.app.completeness.network import HOSPITALS, PATIENTS
from tests.app.completeness.saying import CATEGORIES, bundle, do_publish, do_retract, do_work
from tests.app.completeness.stage import Doubt, Ground, Stage

DOCUMENTS, VALUES = 3, 2


class Play(Stage):
    """Each step is one thing that somebody does, or a look at what somebody reads."""

    def step(self) -> None:
        weights = {
            self.publishes: 40, self.retracts: 8, self.works: 6, self.rotates: 5, self.backs_up: 3,
            self.restores: 3, self.grants: 4, self.revokes: 2, self.looks: 25,
        }  # fmt: skip
        (chosen,) = self.random.choices(list(weights), list(weights.values()))
        chosen()

    # --- what hospitals do ---

    def publishes(self) -> None:
        author, (patient,) = self._author(), self.random.choices(PATIENTS, (3, 1))
        self.publish(author, patient, [self._statement(document) for document in self._documents()])

    def publish(self, author: str, patient: str, said: list[Statement]) -> None:
        again = partial(self.model.publish, author, patient, said)
        work = partial(do_publish, bundle(self.network.account(patient), said))
        self._does(author, work, again, f"publishes {said} about {patient}")

    def retracts(self) -> None:
        author = self._author()
        book = self.model.books[author]
        if not book.current:
            return
        patient, document = self.random.choice(sorted(book.current))
        only = self.random.random() < 0.3
        record_id = self._record_id(author, patient, document)
        extent = Extent.VERSION if only else Extent.DOCUMENT
        work = partial(do_retract, RetractRecord(record_id, author, Why.DUPLICATE, extent))
        again = partial(self.model.retract, author, patient, document, only=only)
        self._does(author, work, again, f"retracts {document} of {patient}, only={only}")

    def works(self) -> None:
        author = self._author()
        accounts = [self.network.account(one) for one in PATIENTS]
        self._does(author, partial(do_work, accounts), partial(self.model.work, author), "works by itself")

    def backs_up(self) -> None:
        author = self._author()
        self.backups[author] = self.processes[author].back_up()
        self.model.back_up(author)
        self.say(f"{author} backs up")

    def restores(self) -> None:
        author = self._author()
        if author in self.backups:
            self.processes[author].restore(self.backups[author])
            self.model.restore(author)
            self.say(f"{author} restores")

    # --- what patients do ---

    def rotates(self) -> None:
        self.rotates_for(self.random.choice(PATIENTS))

    def rotates_for(self, patient: str) -> None:
        self.network.open_directory(patient)
        self.model.open.add(patient)
        self.say(f"{patient} opens a directory")

    def grants(self) -> None:
        patient = self.random.choice(PATIENTS)
        categories = self.random.choice([("laboratory",), ("vitals",), tuple(CATEGORIES), ("imaging",)])
        most, authors = self.random.choice("NR"), self.random.choice([("any",), HOSPITALS[:1], HOSPITALS[1:]])
        consent = self.network.consent(patient, categories, most, authors)
        self.network.ledger.granted.add(consent.grant())
        self.grounds.append(Ground(patient, consent, categories, most, authors))
        self.say(f"{patient} grants {categories} {most} {authors}")

    def revokes(self) -> None:
        live = [one.consent for one in self.grounds if one.consent is not None and self.live(one)]
        if live:
            self.network.ledger.granted.discard(self.random.choice(live).grant())
            self.say("a consent is revoked")

    def looks(self) -> None:
        """Somebody reads, with a ground or without."""
        ground = self.random.choice(self.grounds)
        self.say(
            f"somebody reads under {ground.categories} {ground.most} {ground.authors} of {ground.patient}"
        )
        self.compare(ground, self.ports)

    # --- how ---

    def _does(self, author: str, work: Any, again: Callable[[], None], words: str) -> None:
        place = (self.random.choice(STEPS), self.random.choice(("before", "after")))
        dies = place if self.random.random() < self.deaths else None
        before = deepcopy(self.model)
        self.say(f"{author} {words}{'' if dies is None else f', dying {dies}'}")
        if not self.processes[author].run(work, dies):
            self.say("  it died")
            self.doubts[author] = Doubt(before, work, again)
        again()

    def _author(self) -> str:
        """Somebody who acts next; whoever died is started again first, and repeats what it was at."""
        author = self.random.choice(HOSPITALS)
        self.resolve(author)
        return author

    def _record_id(self, author: str, patient: str, document: int) -> bytes:
        """As the hospital's system kept it from the answer to its publication: by publishing the same once more."""
        book = self.model.books[author]
        said = self.model.records[book.current[patient, document]].said
        command = bundle(self.network.account(patient), [said])
        process = self.processes[author]
        published = publish(command, process.author, process.ports)
        self.model.publish(author, patient, [said])
        return published.records[0].record_id

    def _documents(self) -> list[int]:
        return self.random.sample(range(DOCUMENTS), self.random.choice((1, 1, 1, 2, 3)))

    def _statement(self, document: int) -> Statement:
        category = self.random.choices(list(CATEGORIES), (5, 1))[0]
        return Statement(
            document, category, self.random.choices("NR", (5, 1))[0], self.random.randrange(VALUES)
        )

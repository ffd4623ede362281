"""What readers should find, as plain Python: the rules of D-13 to D-17 for documents of one resource each.

A hospital's book may be older than the chain (restored from a back-up): `Book` is what it knows, `Record` what became of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field

_STRICTNESS = "NRV"


@dataclass(frozen=True)
class Statement:
    """What a hospital says in one resource of a document."""

    document: int
    category: str
    confidentiality: str
    value: int


@dataclass
class Record:
    author: str
    patient: str
    said: Statement
    version: int = 1
    former: int | None = None
    filed: bool = False
    retracted: bool = False


@dataclass
class Book:
    """By number of the record: what this hospital's database holds."""

    known: dict[tuple[str, Statement], int] = field(default_factory=dict)
    current: dict[tuple[str, int], int] = field(default_factory=dict)
    waiting: set[int] = field(default_factory=set)


@dataclass
class Model:
    records: list[Record] = field(default_factory=list)
    books: dict[str, Book] = field(default_factory=dict)
    backups: dict[str, Book] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)

    def publish(self, author: str, patient: str, said: Iterable[Statement]) -> None:
        book, all_said = self.books[author], list(said)
        live = {book.known.get((patient, one)) for one in all_said} & set(book.current.values())
        fresh = [one for one in all_said if book.known.get((patient, one)) not in live]
        if any((patient, one) not in book.known for one in fresh):
            for one in fresh:
                self._add(author, patient, one, book)
        if patient in self.open:
            self._file({book.known[patient, one] for one in all_said if (patient, one) in book.known}, book)

    def retract(self, author: str, patient: str, document: int, *, only: bool) -> None:
        book = self.books[author]
        at: int | None = book.current.pop((patient, document), None)
        while at is not None:
            self._retract(at, book)
            at = None if only else self.records[at].former

    def work(self, author: str) -> None:
        """What the gateway does by itself: files what waits for directories that are open now."""
        book = self.books[author]
        self._file({at for at in book.waiting if self.records[at].patient in self.open}, book)

    def back_up(self, author: str) -> None:
        self.backups[author] = deepcopy(self.books[author])

    def restore(self, author: str) -> None:
        """What waited then waits again, also if it was dropped since; what came to wait since is lost."""
        self.books[author] = deepcopy(self.backups[author])

    def visible(self, patient: str, categories: Iterable[str] | None = None, most: str = "V") -> list[Record]:
        replaced = self.replaced()
        return [
            one
            for at, one in enumerate(self.records)
            if one.patient == patient
            and one.filed
            and not one.retracted
            and at not in replaced
            and (categories is None or one.said.category in categories)
            and _STRICTNESS.index(one.said.confidentiality) <= _STRICTNESS.index(most)
        ]

    def replaced(self) -> set[int]:
        """Whatever became of the later version, once readers could find it."""
        return {one.former for one in self.records if one.filed and one.former is not None}

    def _add(self, author: str, patient: str, said: Statement, book: Book) -> None:
        new, at = Record(author, patient, said), len(self.records)
        former = book.current.get((patient, said.document))
        if former is not None:
            old = self.records[former]
            stricter = _STRICTNESS.index(said.confidentiality) > _STRICTNESS.index(old.said.confidentiality)
            if old.said.category == said.category:
                new.version, new.former = old.version + 1, former
            if old.said.category != said.category or stricter:
                self._retract(former, book)
        self.records.append(new)
        book.known[patient, said] = book.current[patient, said.document] = at
        book.waiting.add(at)

    def _retract(self, at: int, book: Book) -> None:
        if at in book.waiting:
            book.waiting.discard(at)  # it never was on chain
        else:
            self.records[at].retracted = True

    def _file(self, numbers: set[int], book: Book) -> None:
        for at in numbers & book.waiting:
            book.waiting.discard(at)
            self.records[at].filed = True

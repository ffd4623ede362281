"""An author's process that may die at any step that leaves a trace outside of it, and is started again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect
from typing import Any

from consentry.index.author import SqlPublications
from consentry.index.waiting import SqlWaitingRoom
from consentry.services.publish_ports import Author, PublishPorts
from tests.app.completeness.ledger import AuthorSender
from tests.app.completeness.network import Network

STEPS = ("put", "store", "keep", "batch", "transact", "anchored", "note")


class DiedError(BaseException):
    """Not an Exception: no code of ours may catch it."""


@dataclass
class Fate:
    """Dies before or after the next call of a method, both by name: ("batch", "after"); lives for ever without."""

    at: tuple[str, str] | None = None

    def step(self, method: str, when: str) -> None:
        if self.at == (method, when):
            raise DiedError


class _Mortal:
    """The real thing; every call of these methods is a step before and after which the process may die."""

    def __init__(self, real: Any, fate: Fate, *methods: str) -> None:
        self._real, self._fate, self._methods = real, fate, methods

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if name not in self._methods:
            return found

        def called(*arguments: Any, **named: Any) -> Any:
            self._fate.step(name, "before")
            done = found(*arguments, **named)
            self._fate.step(name, "after")
            return done

        return called


class _MortalBook(_Mortal):
    @property
    def versions(self) -> Any:
        return _Mortal(self._real.versions, self._fate, "note")


class Process:
    """One hospital's publishing, from its database file; `start` after a death or a restore."""

    def __init__(self, network: Network, name: str) -> None:
        self.name, self.author, self.fate = name, network.authors[name], Fate()
        self._network = network
        self.path = network.folder / f"{name.split()[0]}.sqlite"
        self.start()

    def start(self) -> None:
        network, fate = self._network, self.fate
        fate.at = None
        book = SqlPublications(self.path)
        self.ports = PublishPorts(
            ledger=network.ledger,
            store=_Mortal(network.store, fate, "put"),
            sender=_Mortal(AuthorSender(network.ledger, self.author.address), fate, "transact"),
            publications=_MortalBook(book, fate, "store", "batch", "anchored"),
            waiting=_Mortal(SqlWaitingRoom(book.database), fate, "keep"),
            clock=network.clock,
            index=network.index,
            scan=network.scan,
        )
        self._book = book

    def run(
        self, work: Callable[[Author, PublishPorts], object], dies_at: tuple[str, str] | None = None
    ) -> bool:
        """Whether it came to its end."""
        self.fate.at = dies_at
        try:
            work(self.author, self.ports)
        except DiedError:
            return False
        finally:
            self.fate.at = None
        return True

    def back_up(self) -> Path:
        """A copy of the database as it is now."""
        copy = self.path.with_name(f"{self.path.stem}-backup.sqlite")
        with closing(connect(self.path)) as source, closing(connect(copy)) as target:
            source.backup(target)
        return copy

    def restore(self, copy: Path) -> None:
        """Start again from a copy, as after the loss of a disk."""
        self._book.database.close()
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        with closing(connect(copy)) as source, closing(connect(self.path)) as target:
            source.backup(target)
        self.start()

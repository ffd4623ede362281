"""What a session was shown, kept for the next pages and for reads by id (design §8, specification F-18, F-19).

In memory only, for 15 minutes, encrypted under a key of its own that comes from the caller's bearer token (`crypto.shown`), and
found only by the session, actor, practitioner and purpose that it was read for. Whether its grounds still hold is asked of the
chain before anything of it is given again (`shown_grounds`).
"""

from __future__ import annotations

import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock

from consentry.crypto.shown import ShownCipher, new_salt
from consentry.domain.addresses import Address
from consentry.domain.request_items import Ground
from consentry.domain.sessions import SessionKind
from consentry.errors import PageGone, SearchTooLarge
from consentry.ports import Clock

SHOWN_SECONDS = 900
MAX_SETS = 512
MAX_BYTES = 128 * 2**20
MAX_SET_BYTES = 64 * 2**20
MAX_OWN = 32
"""Of one session so many sets are kept: the oldest goes first."""

RecordName = tuple[Address, bytes]


@dataclass(frozen=True)
class Owner:
    """Who was shown something: `holder` is the digest of the bearer token, `session` the reading session's signature."""

    kind: SessionKind
    holder: bytes = field(repr=False)
    session: bytes = field(repr=False)
    actor: Address
    practitioner: Address | None
    purpose: str


@dataclass(frozen=True)
class Text:
    """Something to be kept: `name` is `Type/id`, or empty for what no read by id finds; `record` None where it is no record's."""

    name: str
    version: str
    record: RecordName | None
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Line:
    """An entry of a page: a text by its place, and its search mode; empty where the text is a whole entry."""

    place: int
    mode: str = ""


@dataclass(frozen=True)
class Result:
    """What was asked and how it is answered: the pages, how many matches all have, and the search's own address. `type` is the
    type that was asked for, `letter` what a token's scopes allowed of it: `s`, of everything `r`."""

    type: str
    letter: str
    address: str
    total: int | None
    pages: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True)
class Fresh:
    """A reading's answer before it is kept. `ref` is how this gateway calls the patient; `requests` are the digests of what
    keepers were asked for it, which audit events of later pages name."""

    patient: Address
    ref: str
    grounds: tuple[Ground, ...]
    department: str
    texts: Sequence[Text]
    result: Result
    requests: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class _Sealed:
    name: str
    version: str
    record: RecordName | None
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class ShownSet:
    """What one reading showed. `cursor` is random: it says nothing, and counts for its owner alone."""

    owner: Owner
    cursor: str = field(repr=False)
    ends: int
    patient: Address
    ref: str
    grounds: tuple[Ground, ...]
    department: str
    result: Result
    requests: tuple[bytes, ...]
    size: int
    _salt: bytes = field(repr=False)
    _texts: tuple[_Sealed, ...] = field(repr=False)

    def opened(self, token: bytes, places: Iterable[int]) -> list[Text]:
        """These texts, for whoever has the token. Raises SealInvalid."""
        cipher = ShownCipher(token, self._salt)
        found = []
        for place in places:
            one = self._texts[place]
            content = cipher.open_(place, one.name.encode(), one.sealed)
            found.append(Text(one.name, one.version, one.record, content))
        return found

    def places(self, name: str) -> list[int]:
        """Where the versions of a resource are."""
        return [place for place, one in enumerate(self._texts) if one.name == name]

    def records(self, places: Iterable[int]) -> set[RecordName]:
        found = (self._texts[place].record for place in places)
        return {record for record in found if record is not None}


class Shown:
    """Of each kind of session so many sets and bytes: patients push out nothing of staff or of systems, and within a kind
    whoever holds most loses the oldest of it first."""

    def __init__(self, clock: Clock, *, most_sets: int = MAX_SETS, most_bytes: int = MAX_BYTES) -> None:
        self._clock = clock
        self._most_sets, self._most_bytes = most_sets, most_bytes
        self._held: dict[SessionKind, OrderedDict[str, ShownSet]] = {
            kind: OrderedDict() for kind in SessionKind
        }
        self._lock = Lock()

    def keep(self, owner: Owner, token: bytes, fresh: Fresh) -> ShownSet:
        """Raises SearchTooLarge when it is more than one session may hold."""
        if sum(len(text.content) for text in fresh.texts) > min(MAX_SET_BYTES, self._most_bytes):
            raise SearchTooLarge()
        salt = new_salt()
        cipher = ShownCipher(token, salt)
        sealed = tuple(
            _Sealed(
                text.name, text.version, text.record, cipher.seal(place, text.name.encode(), text.content)
            )
            for place, text in enumerate(fresh.texts)
        )
        made = ShownSet(
            owner,
            secrets.token_urlsafe(24),
            self._clock.now() + SHOWN_SECONDS,
            fresh.patient,
            fresh.ref,
            fresh.grounds,
            fresh.department,
            fresh.result,
            fresh.requests,
            sum(len(one.sealed) for one in sealed),
            salt,
            sealed,
        )
        self.sweep()
        with self._lock:
            self._make_room(made)
            self._held[owner.kind][made.cursor] = made
        return made

    def page(self, owner: Owner, cursor: str) -> ShownSet:
        """Raises PageGone: ended, another's, or never made."""
        self.sweep()
        with self._lock:
            found = self._held[owner.kind].get(cursor)
        if found is None or found.owner != owner:
            raise PageGone()
        return found

    def of(self, owner: Owner) -> Iterator[ShownSet]:
        """What this session was shown, the newest first."""
        self.sweep()
        with self._lock:
            own = [one for one in self._held[owner.kind].values() if one.owner == owner]
        yield from reversed(own)

    def drop(self, shown: ShownSet) -> None:
        """Its grounds do not hold any more."""
        self._forget(lambda one: one is shown)

    def forget(self, holder: bytes) -> None:
        """Forget what was shown to this sign-in."""
        self._forget(lambda one: one.owner.holder == holder)

    def held_now(self) -> tuple[int, int]:
        """How many sets are in memory, and their bytes."""
        with self._lock:
            sizes = [one.size for held in self._held.values() for one in held.values()]
        return len(sizes), sum(sizes)

    def sweep(self) -> None:
        """Forget what is 15 minutes old, though nobody asks."""
        now = self._clock.now()
        self._forget(lambda one: one.ends <= now)

    def _make_room(self, made: ShownSet) -> None:
        held = self._held[made.owner.kind]
        own = [cursor for cursor, one in held.items() if one.owner == made.owner]
        for cursor in own[: max(len(own) + 1 - MAX_OWN, 0)]:
            del held[cursor]
        while held and (
            len(held) >= self._most_sets
            or sum(one.size for one in held.values()) + made.size > self._most_bytes
        ):
            sizes: Counter[bytes] = Counter()
            for one in held.values():
                sizes[one.owner.holder] += one.size
            most = max(sizes, key=sizes.__getitem__)
            del held[next(cursor for cursor, one in held.items() if one.owner.holder == most)]

    def _forget(self, ended: Callable[[ShownSet], bool]) -> None:
        with self._lock:
            for held in self._held.values():
                for cursor in [cursor for cursor, one in held.items() if ended(one)]:
                    del held[cursor]

"""Telling an open page at once that something is new (specification W-20).

A stream holds a thread of the server as long as it lasts. So there are few of them, each ends by itself, and a newer one of an
account ends the oldest, which is told so: a page that finds no place or has to leave asks now and then instead, and misses
nothing. One that came straight back would end the next.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Final, Literal

from consentry.domain.addresses import Address
from consentry.errors import ConsentryError, RateLimited, RefusedError
from consentry.services.news import NewsPorts, unseen
from consentry.services.sign_in import SignInPorts, require_standing

MOST = 8
MOST_OF_ONE = 2
LOOK_SECONDS = 3.0
HEARTBEAT_SECONDS = 15.0
LONGEST_SECONDS = 600.0
TRY_AGAIN_SECONDS = 60
LEAVE: Final = "leave"
"""The last that a stream tells whose place is needed."""


@dataclass(frozen=True)
class Pulse:
    """How often a stream looks (`look`), says something (`heartbeat`) and how long it lasts, in seconds by `ticks`."""

    look: float = LOOK_SECONDS
    heartbeat: float = HEARTBEAT_SECONDS
    longest: float = LONGEST_SECONDS
    ticks: Callable[[], float] = time.monotonic


@dataclass(eq=False)
class Place:
    """One stream's; `ended` once it must leave."""

    account: str
    ended: Event = field(default_factory=Event)


class Places:
    """At most `most` streams, and `most_of_one` of one account. Thread-safe."""

    def __init__(self, most: int = MOST, most_of_one: int = MOST_OF_ONE) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._taken: OrderedDict[Place, None] = OrderedDict()
        self._lock = Lock()
        self._closed = False

    def take(self, account: str) -> Place:
        """Raises RateLimited."""
        with self._lock:
            own = [place for place in self._taken if place.account == account]
            leaving = own[: max(len(own) - self._most_of_one + 1, 0)]
            if self._closed or len(self._taken) - len(leaving) >= self._most:
                raise RateLimited("as many pages as can be are told at once", seconds=TRY_AGAIN_SECONDS)
            for place in leaving:
                place.ended.set()
                del self._taken[place]
            place = Place(account)
            self._taken[place] = None
        return place

    def leave(self, place: Place) -> None:
        with self._lock:
            self._taken.pop(place, None)

    def open_now(self) -> int:
        with self._lock:
            return len(self._taken)

    def close(self) -> None:
        """End all, and take no more."""
        with self._lock:
            self._closed = True
            for place in self._taken:
                place.ended.set()


@dataclass(frozen=True)
class StreamPorts:
    signing_in: SignInPorts
    news: NewsPorts
    places: Places = field(default_factory=Places)
    pulse: Pulse = field(default_factory=Pulse)


def events(
    place: Place, token: str, patient: Address, ports: StreamPorts
) -> Iterator[int | None | Literal["leave"]]:
    """How much is unseen, at first and whenever that has changed; None for nothing new. Ends with the sign-in, after a while,
    or, with LEAVE, when the place is needed."""
    pulse = ports.pulse
    began = said = pulse.ticks()
    told = unseen(patient, ports.news)
    yield told
    while pulse.ticks() - began < pulse.longest and not place.ended.wait(pulse.look):
        if not _goes_on(token, ports):
            return
        found = _unseen(patient, ports, told)
        if found != told or pulse.ticks() - said >= pulse.heartbeat:
            said = pulse.ticks()
            yield found if found != told else None
        told = found
    if place.ended.is_set():
        yield LEAVE


def _goes_on(token: str, ports: StreamPorts) -> bool:
    """Whether whoever opened the stream is signed in still, and still acts for the patient."""
    try:
        require_standing(ports.signing_in.tokens.who(token), ports.signing_in)
    except RefusedError:
        return False
    except ConsentryError:
        return (
            True  # the chain is silent: a stream tells a number, and the page finds out when it asks for more
        )
    return True


def _unseen(patient: Address, ports: StreamPorts, before: int) -> int:
    try:
        return unseen(patient, ports.news)
    except ConsentryError:
        return before  # looked at again in a moment

"""Whoever signs out ends the sessions that were opened: every keeper is told, and answers them no more (specification K-26).

Signing out itself needs nobody: the session's key is forgotten here whatever keepers do. Those that could not be told are told
later, as long as the session would have lasted; until then the key is kept for that alone.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from consentry.domain.addresses import Address
from consentry.domain.ledger import KeeperInfo
from consentry.domain.session_ends import SessionEnd
from consentry.domain.sessions import SessionKind
from consentry.errors import ConsentryError, RateLimited, RefusedError
from consentry.ports import Clock, Keepers, Ledger
from consentry.services.committees import every_keeper
from consentry.services.reading_session import Reader
from consentry.telemetry.request_id import Threads

MOST_WAITING = 1_000
AGAIN_SECONDS = 15.0
_AT_ONCE = 8
_LOG = logging.getLogger(__name__)


@dataclass
class _Waiting:
    """An end that `told` have heard already (accounts of keepers)."""

    reader: Reader
    told: set[Address] = field(default_factory=set)


class SigningOut:
    """Tells keepers that sessions have ended; `sweep` tells again those that did not hear. Thread-safe.

    At most MOST_WAITING ends of each kind of session wait, so that patients push out none of staff; the oldest goes first.
    `ticks`: seconds that never go back.
    """

    def __init__(
        self, ledger: Ledger, keepers: Keepers, clock: Clock, *, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._ledger = ledger
        self._keepers = keepers
        self._clock = clock
        self._ticks = ticks
        self._waiting: dict[SessionKind, list[_Waiting]] = {kind: [] for kind in SessionKind}
        self._again_at = ticks()
        self._lock = Lock()

    @property
    def waiting(self) -> int:
        """How many ends some keeper has not heard of."""
        with self._lock:
            return sum(map(len, self._waiting.values()))

    def end(self, readers: Sequence[Reader]) -> None:
        """Tell every keeper now, and remember who did not hear. Raises nothing: signing out depends on nobody."""
        self._tell([_Waiting(reader) for reader in readers])

    def sweep(self) -> None:
        """Tell again, every now and then, those that did not hear."""
        with self._lock:
            ends = [one for waiting in self._waiting.values() for one in waiting]
            if self._ticks() < self._again_at or not ends:
                return
            self._again_at = self._ticks() + AGAIN_SECONDS
            for waiting in self._waiting.values():
                waiting.clear()
        self._tell(ends)

    def _tell(self, ends: Sequence[_Waiting]) -> None:
        now = self._clock.now()
        live = [one for one in ends if one.reader.certificate.is_live(now)]
        if not live:
            return
        try:
            keepers = every_keeper(self._ledger)
        except ConsentryError as problem:
            _LOG.warning(
                "keepers are not known, so that sessions end there later: %(code)s", {"code": problem.code}
            )
            self._keep(live)
            return
        with Threads(_AT_ONCE, thread_name_prefix="signing-out") as threads:
            list(threads.map(lambda keeper: self._tell_one(keeper, live), keepers))
        self._keep([one for one in live if any(keeper.account not in one.told for keeper in keepers)])

    def _keep(self, ends: Sequence[_Waiting]) -> None:
        with self._lock:
            for one in ends:
                self._waiting[one.reader.certificate.kind].append(one)
            for waiting in self._waiting.values():
                del waiting[:-MOST_WAITING]

    def _tell_one(self, keeper: KeeperInfo, ends: Sequence[_Waiting]) -> None:
        """All that this keeper has not heard; nothing more once it does not answer."""
        for one in ends:
            if keeper.account not in one.told:
                if not self._heard(one.reader, keeper):
                    return
                one.told.add(Address(keeper.account))

    def _heard(self, reader: Reader, keeper: KeeperInfo) -> bool:
        """Whether this keeper will not need to be told again."""
        raw = SessionEnd(
            reader.actor, self._ledger.chain_id, self._clock.now(), reader.certificate
        ).to_bytes()
        try:
            self._keepers.end_session(keeper, raw, reader.key.sign(raw))
        except RateLimited:
            return False
        except RefusedError:
            return True  # it answers this session as little as it hears about it
        except ConsentryError:
            return False
        return True

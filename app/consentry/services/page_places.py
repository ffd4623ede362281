"""Whom a page talks to besides its own gateway: keepers, and relays of other members (specification W-17)."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from consentry.domain.addresses import Address
from consentry.domain.origins import origin_of
from consentry.errors import ConsentryError
from consentry.ports import Ledger

MOST = 64
"""A header has to hold them all; keepers of newer committees come first."""
FRESH_SECONDS = 3.0
"""How long what the chain said serves; everybody may ask for pages, as often as they like."""
FIRST_SECONDS = 2.0
"""How long a page waits while another one asks the chain, as long as nothing is known at all."""
_LOG = logging.getLogger(__name__)


@dataclass
class PagePlaces:
    """`gateways`: public addresses of other members' gateways, by account. `ticks` in seconds. Thread-safe.

    What the chain said last serves for a while, and while the chain is silent: of all who ask for pages one waits for it.
    """

    ledger: Ledger
    gateways: Mapping[Address, str] = field(default_factory=dict)
    ticks: Callable[[], float] = time.monotonic
    _keepers: tuple[str, ...] | None = None
    _asked_at: float = -math.inf
    _asking: Lock = field(default_factory=Lock)

    def origins(self) -> tuple[str, ...]:
        """Each once. A page that cannot ask the chain just now is served all the same."""
        if not self._fresh() and self._asking.acquire(timeout=FIRST_SECONDS if self._keepers is None else 0):
            try:
                self._ask()
            finally:
                self._asking.release()
        return _once((*(self._keepers or ()), *self.gateways.values()))

    def _fresh(self) -> bool:
        return self.ticks() - self._asked_at < FRESH_SECONDS

    def _ask(self) -> None:
        if self._fresh():
            return  # somebody else has asked meanwhile
        try:
            self._keepers = _keepers(self.ledger)
        except ConsentryError as problem:
            _LOG.warning(
                "%(code)s: the page names the keepers that were known before", {"code": problem.code}
            )
            self._keepers = self._keepers or ()
        self._asked_at = self.ticks()


def _keepers(ledger: Ledger) -> tuple[str, ...]:
    newest = ledger.committee()
    versions = range(newest.version, 0, -1) if newest else range(0)
    committees = (ledger.committee(version) for version in versions)
    return tuple(keeper.url for one in committees if one is not None for keeper in one.keepers)


def _once(urls: tuple[str, ...]) -> tuple[str, ...]:
    found = (origin_of(url) for url in urls)
    return tuple(dict.fromkeys(one for one in found if one is not None))[:MOST]

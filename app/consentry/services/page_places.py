"""Whom a page talks to besides its own gateway: keepers, and relays of other members (specification W-17)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from consentry.domain.addresses import Address
from consentry.domain.origins import origin_of
from consentry.errors import ConsentryError
from consentry.ports import Ledger

MOST = 64
"""A header has to hold them all; keepers of newer committees come first."""
_LOG = logging.getLogger(__name__)


@dataclass
class PagePlaces:
    """`gateways`: public addresses of other members' gateways, by account. What the chain said last serves while it is silent."""

    ledger: Ledger
    gateways: Mapping[Address, str] = field(default_factory=dict)
    _keepers: tuple[str, ...] = ()

    def origins(self) -> tuple[str, ...]:
        """Each once. A page that cannot ask the chain just now is served all the same."""
        try:
            self._keepers = _keepers(self.ledger)
        except ConsentryError as problem:
            _LOG.warning("%s: the page names the keepers that were known before", problem.code)
        return _once((*self._keepers, *self.gateways.values()))


def _keepers(ledger: Ledger) -> tuple[str, ...]:
    newest = ledger.committee()
    versions = range(newest.version, 0, -1) if newest else range(0)
    committees = (ledger.committee(version) for version in versions)
    return tuple(keeper.url for one in committees if one is not None for keeper in one.keepers)


def _once(urls: tuple[str, ...]) -> tuple[str, ...]:
    found = (origin_of(url) for url in urls)
    return tuple(dict.fromkeys(one for one in found if one is not None))[:MOST]

"""The regulator's client: asks keepers for their feeds, page by page (specification A-10, A-11)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from consentry.crypto import hpke
from consentry.crypto.signatures import SessionKey
from consentry.domain.addresses import Address
from consentry.domain.feeds import FeedPage, FeedRow
from consentry.domain.ledger import KeeperInfo
from consentry.domain.queries import FeedQuery
from consentry.domain.sessions import SessionCertificate
from consentry.errors import ConsentryError, KeeperMisbehaved, LayoutInvalid, RateLimited, SealInvalid
from consentry.ports import Clock, Keepers
from consentry.services.feed import open_feed
from consentry.telemetry.request_id import Threads

PATIENCE = 5
"""How often one page is asked for when the keeper says: too often."""

_AT_ONCE = 8


@dataclass(frozen=True)
class FeedReader:
    """The regulator's system account in a session of its own."""

    actor: Address
    certificate: SessionCertificate
    key: SessionKey = field(repr=False)
    chain_id: int


@dataclass(frozen=True)
class FeedPorts:
    """How keepers are asked, with `pause` (seconds) where one asks for patience."""

    keepers: Keepers
    clock: Clock
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class FeedTold:
    """What one keeper told, in order. `next` is the number to go on with; `more`: there may be more behind it already."""

    keeper: KeeperInfo
    rows: tuple[FeedRow, ...]
    next: int
    more: bool = False
    problem: ConsentryError | None = None


def read_feeds(
    reader: FeedReader, keepers: Sequence[KeeperInfo], after: int, most: int, ports: FeedPorts
) -> tuple[FeedTold, ...]:
    """From each keeper the receipts from number `after` on, at most `most`; a keeper's failure stands beside what it told."""
    with Threads(_AT_ONCE, thread_name_prefix="feed") as threads:
        return tuple(threads.map(lambda one: _read(reader, one, after, most, ports), keepers))


def _read(reader: FeedReader, keeper: KeeperInfo, after: int, most: int, ports: FeedPorts) -> FeedTold:
    rows: list[FeedRow] = []
    place = after
    while True:
        try:
            page = _page(reader, keeper, place, ports)
        except ConsentryError as problem:
            return FeedTold(keeper, tuple(rows), place, problem=problem)
        taken = page.rows[: most - len(rows)]
        rows += taken
        place = taken[-1].seq + 1 if taken else place
        if not page.rows:
            return FeedTold(keeper, tuple(rows), place)
        if len(rows) >= most:
            return FeedTold(keeper, tuple(rows), place, more=True)


def _page(reader: FeedReader, keeper: KeeperInfo, after: int, ports: FeedPorts) -> FeedPage:
    """Raises what keepers raise, RateLimited only when it stays."""
    for attempt in range(1, PATIENCE + 1):
        opener = hpke.generate_seed()
        query = FeedQuery(
            actor=reader.actor,
            after=after,
            chain_id=reader.chain_id,
            issued_at=ports.clock.now(),
            keeper=Address(keeper.account),
            nonce=secrets.token_bytes(16),
            seal_to=hpke.public_key(opener),
            session=reader.certificate,
        ).to_bytes()
        try:
            answer = ports.keepers.feed(keeper, query, reader.key.sign(query))
        except RateLimited as limited:
            if attempt == PATIENCE:
                raise
            ports.pause(limited.seconds)
            continue
        try:
            page = open_feed(opener, query, dict(answer))
        except (LayoutInvalid, SealInvalid):
            raise KeeperMisbehaved("its answer is no page of a feed for this question") from None
        _require_order(page, keeper, after)
        return page
    raise AssertionError("unreachable")


def _require_order(page: FeedPage, keeper: KeeperInfo, after: int) -> None:
    """Raise KeeperMisbehaved for a page that is another keeper's, or does not count on without a gap (K-6)."""
    numbers = [one.seq for one in page.rows]
    if page.keeper != keeper.account or numbers != list(range(after, after + len(numbers))):
        raise KeeperMisbehaved("its feed leaves out numbers, or is another keeper's")
    if page.next != after + len(numbers):
        raise KeeperMisbehaved("its feed does not go on where it ends")

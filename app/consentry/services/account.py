"""A patient's account: every keeper's receipts about the patient, each checked (design §4 Account; K-9, K-10, A-2).

An access is counted from distinct keepers; a single receipt shows as a possible one. So the answer keeps them apart, and
says which keepers told nothing, not all, or something that does not hold.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from consentry.crypto import hpke
from consentry.domain.addresses import Address
from consentry.domain.ledger import KeeperInfo
from consentry.domain.receipts import Receipt
from consentry.domain.sessions import PatientSession
from consentry.errors import (
    ConsentryError,
    KeeperMisbehaved,
    LayoutInvalid,
    RateLimited,
    RoleUnfit,
    SealInvalid,
    UnavailableError,
)
from consentry.ports import Clock, Keepers, Ledger
from consentry.ports.keeper_values import KeeperFailure
from consentry.services.account_parts import KnownCommits, Left
from consentry.services.committees import every_keeper
from consentry.services.reading_session import Reader
from consentry.services.receipts import ReceiptsPage, ReceiptsQuery, open_receipts
from consentry.services.verify import Evidence, Link, links, links_without_chain

MAX_PAGES = 50
PATIENCE = 5
"""How often one page is asked for when the keeper says: too often."""

SECONDS = 30.0
MOST_RECEIPTS = 10_000
MOST_BYTES = 64 * 2**20
"""For one account, shared equally among its keepers, so that one that talks much silences no other."""

_AT_ONCE = 8


@dataclass(frozen=True)
class AskPorts:
    """How keepers are asked: at most `most_pages` each, with `pause` (seconds) where one asks for patience; all together
    for `seconds`, `most_receipts` and `most_bytes` (as answered), to one page more at most."""

    keepers: Keepers
    clock: Clock
    most_pages: int = MAX_PAGES
    pause: Callable[[float], None] = time.sleep
    seconds: float = SECONDS
    most_receipts: int = MOST_RECEIPTS
    most_bytes: int = MOST_BYTES
    ticks: Callable[[], float] = time.monotonic


@dataclass(frozen=True)
class Shown:
    """A receipt that its keeper signed, with what proves it. `proven`: every link holds, to the root on chain."""

    seat: int
    receipt: Receipt
    evidence: Evidence
    proven: bool


@dataclass(frozen=True)
class Account:
    """Newest first. `failures`: keepers that told nothing, not all, or something that does not hold. `asked`: how many."""

    receipts: tuple[Shown, ...]
    failures: tuple[KeeperFailure, ...]
    asked: int

    @property
    def missing(self) -> tuple[int, ...]:
        """The seats of all failures."""
        return tuple(sorted({one.seat for one in self.failures}))

    @property
    def lying(self) -> tuple[int, ...]:
        """Those of them whose keepers told what does not hold."""
        return tuple(sorted({one.seat for one in self.failures if one.code == KeeperMisbehaved.code}))


def account(reader: Reader, ledger: Ledger, ports: AskPorts) -> Account:
    """The account of the patient whose session this is, from every keeper that the chain ever named, proven there.

    Raises RoleUnfit for anybody else, ChainUnreachable, ChainWrong.
    """
    view = KnownCommits(ledger)
    asking = _Asking(
        reader, _patient(reader), ledger.chain_id, ports, lambda one: links(one, view), to_chain=True
    )
    return _collect(asking, every_keeper(ledger))


def told_account(reader: Reader, chain_id: int, keepers: Sequence[KeeperInfo], ports: AskPorts) -> Account:
    """The same from keepers that somebody names, without the chain: nothing is proven to the end. Raises RoleUnfit."""

    def check(one: Evidence) -> Iterator[Link]:
        return links_without_chain(one, chain_id)

    return _collect(_Asking(reader, _patient(reader), chain_id, ports, check, to_chain=False), keepers)


@dataclass(frozen=True)
class _Asking:
    """Who asks about whom, and how a receipt is checked: `to_chain`, to its root there."""

    reader: Reader
    patient: Address
    chain_id: int
    ports: AskPorts
    check: Callable[[Evidence], Iterator[Link]]
    to_chain: bool


def _patient(reader: Reader) -> Address:
    session = reader.certificate.fields
    if not isinstance(session, PatientSession):
        raise RoleUnfit("only the patient's side gets receipts about the patient")
    return session.patient


def _collect(asking: _Asking, keepers: Sequence[KeeperInfo]) -> Account:
    ports = asking.ports
    ends, share = ports.ticks() + ports.seconds, max(len(keepers), 1)

    def ask(one: KeeperInfo) -> tuple[list[Shown], KeeperFailure | None]:
        left = Left(ends, ports.ticks, ports.most_receipts // share, ports.most_bytes // share)
        return _ask(one, asking, left)

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="account") as threads:
        answers = list(threads.map(ask, keepers))
    shown = [one for told, _ in answers for one in told]
    shown.sort(key=lambda one: (-one.receipt.time, one.seat, one.receipt.seq))
    failures = tuple(failure for _, failure in answers if failure is not None)
    return Account(tuple(shown), failures, len(keepers))


def _ask(keeper: KeeperInfo, asking: _Asking, left: Left) -> tuple[list[Shown], KeeperFailure | None]:
    """All pages of one keeper, and what is wrong with them or missing; what it signed before that is shown as well."""
    shown: list[Shown] = []
    after = 0
    problem: ConsentryError | None = None
    for _ in range(asking.ports.most_pages):
        try:
            page = _page(keeper, after, asking, left)
        except ConsentryError as failure:
            return shown, _failure(keeper, failure)
        left.receipts -= len(page.evidence)
        for one in page.evidence:
            found, lie = _checked(keeper, one, asking)
            problem = problem or lie
            if found is not None:
                shown.append(found)
        if page.next is not None and page.next <= after:
            problem = KeeperMisbehaved("its pages do not go forward")
        if problem is not None or page.next is None:
            return shown, None if problem is None else _failure(keeper, problem)
        after = page.next
    return shown, _failure(keeper, UnavailableError("it has more receipts than are asked for here"))


def _page(keeper: KeeperInfo, after: int, asking: _Asking, left: Left) -> ReceiptsPage:
    """Raises what keepers raise; RateLimited only when it stays; UnavailableError when nothing is left."""
    for attempt in range(1, PATIENCE + 1):
        left.require()
        opener = hpke.generate_seed()
        query = ReceiptsQuery(
            actor=asking.reader.actor,
            after=after,
            chain_id=asking.chain_id,
            issued_at=asking.ports.clock.now(),
            keeper=Address(keeper.account),
            nonce=secrets.token_bytes(16),
            patient=asking.patient,
            seal_to=hpke.public_key(opener),
            session=asking.reader.certificate,
        ).to_bytes()
        signature = asking.reader.key.sign(query)
        try:
            answer = asking.ports.keepers.receipts(keeper, query, signature)
        except RateLimited as limited:
            if attempt == PATIENCE:
                raise
            left.require(limited.seconds)
            asking.ports.pause(limited.seconds)
            continue
        try:
            left.size -= len(str(answer.get("sealed", "")))
            return open_receipts(opener, query, dict(answer))
        except (LayoutInvalid, SealInvalid):
            raise KeeperMisbehaved("its answer is no page of receipts for this question") from None
    raise AssertionError("unreachable")


def _checked(
    keeper: KeeperInfo, one: Evidence, asking: _Asking
) -> tuple[Shown | None, KeeperMisbehaved | None]:
    """The receipt, if it is this keeper's word about this patient; and what a keeper that does not lie would not have said.

    A root that is not on the chain proves nothing yet: the own node may lag behind.
    """
    broken = next((link for link in asking.check(one) if not link.ok), None)
    if one.keeper != keeper.account or (broken is not None and broken.name in ("signature", "layout")):
        return None, KeeperMisbehaved("a receipt is not this keeper's own")
    receipt = Receipt.parse(one.receipt)
    if receipt.patient != asking.patient:
        return None, KeeperMisbehaved("a receipt is about somebody else")
    lie = None
    if one.commit is not None and broken is not None and broken.name in ("proof", "seat"):
        lie = KeeperMisbehaved(
            f"a receipt that it calls committed does not hold: {broken.name}: {broken.detail}"
        )
    return Shown(keeper.seat, receipt, one, proven=broken is None and asking.to_chain), lie


def _failure(keeper: KeeperInfo, problem: ConsentryError) -> KeeperFailure:
    return KeeperFailure(keeper.seat, urlsplit(keeper.url).netloc, problem.code, problem.diagnostics)

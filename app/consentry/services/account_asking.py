"""Asking one keeper for its receipts about a patient, page by page, and checking what it answers (K-10, A-2, A-4)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from consentry.crypto import hpke
from consentry.domain.addresses import Address
from consentry.domain.ledger import KeeperInfo
from consentry.domain.queries import ReceiptsQuery
from consentry.domain.requests import request_digest
from consentry.errors import (
    ConsentryError,
    KeeperMisbehaved,
    LayoutInvalid,
    ProofInvalid,
    RateLimited,
    SealInvalid,
    UnavailableError,
)
from consentry.services.account_parts import PATIENCE, AskPorts, Left, Shown
from consentry.services.reading_session import Reader
from consentry.services.receipt_pages import ReceiptsPage, checked_page
from consentry.services.receipts import open_receipts
from consentry.services.verify import Evidence, Link


@dataclass(frozen=True)
class Asking:
    """Who asks about whom, and how a receipt is checked: `to_chain`, to its root there."""

    reader: Reader
    patient: Address
    chain_id: int
    ports: AskPorts
    check: Callable[[Evidence], Iterator[Link]]
    to_chain: bool


@dataclass
class Told:
    """What one keeper told so far, and the first thing that is wrong with it or missing."""

    keeper: KeeperInfo
    shown: list[Shown] = field(default_factory=list)
    pages: list[ReceiptsPage] = field(default_factory=list)
    problem: ConsentryError | None = None


def ask_keeper(told: Told, asking: Asking, left: Left) -> None:
    """All pages of one keeper; a page that does not hold is the last one asked for, and is kept as well."""
    after = 0
    for _ in range(asking.ports.most_pages):
        page, digest = _page(told.keeper, after, asking, left)
        left.receipts -= len(page.evidence)
        told.pages.append(page)
        for one in page.evidence:
            found, lie = _checked(told.keeper, one, asking)
            told.problem = told.problem or lie
            if found is not None:
                told.shown.append(found)
        told.problem = told.problem or _misstated(told.keeper, page, after, digest, asking)
        if told.problem is not None or page.next is None:
            return
        if page.next <= after:
            raise KeeperMisbehaved("its pages do not go forward")
        after = page.next
    raise UnavailableError("it has more receipts than are asked for here")


def _misstated(
    keeper: KeeperInfo, page: ReceiptsPage, after: int, query: bytes, asking: Asking
) -> KeeperMisbehaved | None:
    """What is wrong with the statement beside the page (A-4); its receipts are good ones."""
    try:
        statement = checked_page(
            page, keeper=keeper.account, patient=asking.patient, after=after, chain_id=asking.chain_id
        )
    except ProofInvalid as problem:
        return KeeperMisbehaved(f"its page is not what it states: {problem.diagnostics}")
    if statement.query != query:
        return KeeperMisbehaved("it states something about another query")
    return None


def _page(keeper: KeeperInfo, after: int, asking: Asking, left: Left) -> tuple[ReceiptsPage, bytes]:
    """The page, and the digest of the query that it answers.

    Raises what keepers raise; RateLimited only when it stays; UnavailableError when nothing is left.
    """
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
            return open_receipts(opener, query, dict(answer)), request_digest(query)
        except (LayoutInvalid, SealInvalid):
            raise KeeperMisbehaved("its answer is no page of receipts for this question") from None
    raise AssertionError("unreachable")


def _checked(
    keeper: KeeperInfo, one: Evidence, asking: Asking
) -> tuple[Shown | None, KeeperMisbehaved | None]:
    """The receipt, if it is this keeper's word about this patient; and what a keeper that does not lie would not have said.

    A root that is not on the chain proves nothing yet: the own node may lag behind.
    """
    broken = next((link for link in asking.check(one) if not link.ok), None)
    if one.keeper != keeper.account or (broken is not None and broken.name in ("signature", "layout")):
        return None, KeeperMisbehaved("a receipt is not this keeper's own")
    receipt = one.parsed
    if receipt.patient != asking.patient:
        return None, KeeperMisbehaved("a receipt is about somebody else")
    lie = None
    if one.commit is not None and broken is not None and broken.name in ("proof", "seat"):
        lie = KeeperMisbehaved(
            f"a receipt that it calls committed does not hold: {broken.name}: {broken.detail}"
        )
    return Shown(keeper.seat, receipt, one, proven=broken is None and asking.to_chain), lie

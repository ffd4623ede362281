"""A patient's account: every keeper's receipts about the patient, each checked (design §4 Account; K-9, K-10, A-2).

An access is counted from distinct keepers; a single receipt shows as a possible one. So the answer keeps them apart, and
says which keepers told nothing, not all, or something that does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from consentry.domain.addresses import Address
from consentry.domain.ledger import KeeperInfo
from consentry.domain.sessions import PatientSession
from consentry.errors import (
    ConsentryError,
    KeeperMisbehaved,
    RoleUnfit,
)
from consentry.ports import Ledger
from consentry.ports.keeper_values import KeeperFailure
from consentry.services.account_asking import Asking, Told, ask_keeper
from consentry.services.account_parts import AskPorts as AskPorts
from consentry.services.account_parts import KnownCommits, Left
from consentry.services.account_parts import Shown as Shown
from consentry.services.committees import every_keeper
from consentry.services.reading_session import Reader
from consentry.services.receipt_pages import ReceiptsPage
from consentry.services.verify import Evidence, Link, links, links_without_chain
from consentry.telemetry.request_id import Threads

_AT_ONCE = 8


@dataclass(frozen=True)
class Account:
    """Newest first. `failures`: keepers that told nothing, not all, or something that does not hold. `asked`: how many.

    `pages`: what each keeper answered, in order, as an export keeps it.
    """

    receipts: tuple[Shown, ...]
    failures: tuple[KeeperFailure, ...]
    asked: int
    pages: tuple[ReceiptsPage, ...] = ()

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
    asking = Asking(
        reader, _patient(reader), ledger.chain_id, ports, lambda one: links(one, view), to_chain=True
    )
    return _collect(asking, every_keeper(ledger))


def told_account(reader: Reader, chain_id: int, keepers: Sequence[KeeperInfo], ports: AskPorts) -> Account:
    """The same from keepers that somebody names, without the chain: nothing is proven to the end. Raises RoleUnfit."""

    def check(one: Evidence) -> Iterator[Link]:
        return links_without_chain(one, chain_id)

    return _collect(Asking(reader, _patient(reader), chain_id, ports, check, to_chain=False), keepers)


def _patient(reader: Reader) -> Address:
    session = reader.certificate.fields
    if not isinstance(session, PatientSession):
        raise RoleUnfit("only the patient's side gets receipts about the patient")
    return session.patient


def _collect(asking: Asking, keepers: Sequence[KeeperInfo]) -> Account:
    ports = asking.ports
    ends, share = ports.ticks() + ports.seconds, max(len(keepers), 1)

    def ask(one: KeeperInfo) -> Told:
        left = Left(ends, ports.ticks, ports.most_receipts // share, ports.most_bytes // share)
        told = Told(one)
        try:
            ask_keeper(told, asking, left)
        except ConsentryError as problem:
            told.problem = told.problem or problem
        return told

    with Threads(_AT_ONCE, thread_name_prefix="account") as threads:
        answers = list(threads.map(ask, keepers))
    shown = [one for told in answers for one in told.shown]
    shown.sort(key=lambda one: (-one.receipt.time, one.seat, one.receipt.seq))
    failures = tuple(_failure(told.keeper, told.problem) for told in answers if told.problem is not None)
    pages = tuple(page for told in answers for page in told.pages)
    return Account(tuple(shown), failures, len(keepers), pages)


def _failure(keeper: KeeperInfo, problem: ConsentryError) -> KeeperFailure:
    return KeeperFailure(keeper.seat, urlsplit(keeper.url).netloc, problem.code, problem.diagnostics)

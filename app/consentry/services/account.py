"""A patient's account: every keeper's receipts about the patient, each checked (design §4 Account; K-9, K-10, A-2).

An access is counted from distinct keepers; a single receipt shows as a possible one. So the answer keeps them apart, and
names the seats that could not be asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import cast

from consentry.crypto import hpke
from consentry.domain.addresses import Address
from consentry.domain.ledger import CommitteeInfo, KeeperInfo, ReceiptsCommit
from consentry.domain.receipts import Receipt
from consentry.domain.sessions import PatientSession
from consentry.errors import ConsentryError, KeeperMisbehaved, RoleUnfit
from consentry.ports import Clock, Keepers, Ledger
from consentry.services.reading_session import Reader
from consentry.services.receipts import ReceiptsPage, ReceiptsQuery, open_receipts
from consentry.services.verify import Evidence, links

MAX_PAGES = 50
_AT_ONCE = 8


@dataclass(frozen=True)
class AccountPorts:
    ledger: Ledger
    keepers: Keepers
    clock: Clock


@dataclass(frozen=True)
class Shown:
    """A receipt with what proves it. `proven`: every link holds, to the root on chain; else it is not committed yet."""

    seat: int
    receipt: Receipt
    evidence: Evidence
    proven: bool


@dataclass(frozen=True)
class Account:
    """Newest first; `missing` are the seats that gave nothing, or something that does not hold."""

    receipts: tuple[Shown, ...]
    missing: tuple[int, ...]


def account(reader: Reader, ports: AccountPorts) -> Account:
    """The account of the patient whose session this is. Raises RoleUnfit for anybody else, ChainUnreachable."""
    session = reader.certificate.fields
    if not isinstance(session, PatientSession):
        raise RoleUnfit("only the patient's side gets receipts about the patient")
    seats = _keepers(ports.ledger)
    view = cast(Ledger, _Known(ports.ledger))
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="account") as threads:
        answers = list(threads.map(lambda one: _ask(one, reader, session.patient, ports, view), seats))
    shown = [one for answer in answers if answer is not None for one in answer]
    shown.sort(key=lambda one: (-one.receipt.time, one.seat, one.receipt.seq))
    missing = tuple(sorted(seat.seat for seat, answer in zip(seats, answers, strict=True) if answer is None))
    return Account(tuple(shown), missing)


def _keepers(ledger: Ledger) -> tuple[KeeperInfo, ...]:
    """Every keeper there ever was, by its newest seat."""
    newest = ledger.committee()
    versions = range(1, newest.version + 1) if newest else range(0)
    committees = [ledger.committee(version) for version in versions]
    found = {keeper.account: keeper for one in committees if one is not None for keeper in one.keepers}
    return tuple(found.values())


def _ask(
    keeper: KeeperInfo, reader: Reader, patient: Address, ports: AccountPorts, view: Ledger
) -> list[Shown] | None:
    """All pages of one keeper; None if it doesn't answer, or answers what is not its own word about this patient."""
    shown: list[Shown] = []
    after: int | None = 0
    try:
        for _ in range(MAX_PAGES):
            page = _page(keeper, reader, patient, after or 0, ports)
            shown += _checked(keeper, patient, page.evidence, view)
            if page.next is None or page.next <= (after or 0):
                return shown
            after = page.next
    except ConsentryError:
        return None
    return shown


def _page(
    keeper: KeeperInfo, reader: Reader, patient: Address, after: int, ports: AccountPorts
) -> ReceiptsPage:
    opener = hpke.generate_seed()
    query = ReceiptsQuery(
        actor=reader.actor,
        after=after,
        chain_id=ports.ledger.chain_id,
        issued_at=ports.clock.now(),
        keeper=Address(keeper.account),
        nonce=secrets.token_bytes(16),
        patient=patient,
        seal_to=hpke.public_key(opener),
        session=reader.certificate,
    ).to_bytes()
    return open_receipts(opener, query, dict(ports.keepers.receipts(keeper, query, reader.key.sign(query))))


def _checked(keeper: KeeperInfo, patient: Address, evidence: Sequence[Evidence], view: Ledger) -> list[Shown]:
    shown = []
    for one in evidence:
        broken = next((link for link in links(one, view) if not link.ok), None)
        if one.keeper != keeper.account or (broken is not None and broken.name in ("signature", "layout")):
            raise KeeperMisbehaved("a receipt is not this keeper's own")
        receipt = Receipt.parse(one.receipt)
        if receipt.patient != patient:
            raise KeeperMisbehaved("a receipt is about somebody else")
        shown.append(Shown(keeper.seat, receipt, one, proven=broken is None))
    return shown


@dataclass
class _Known:
    """What proofs need of the chain, asked once for each root: one range holds many receipts."""

    ledger: Ledger
    commits: dict[tuple[str, bytes], ReceiptsCommit | None] = field(default_factory=dict)

    @property
    def chain_id(self) -> int:
        return self.ledger.chain_id

    def committee(self, version: int | None = None) -> CommitteeInfo | None:
        return self.ledger.committee(version)

    def receipts_commit(self, keeper: str, root: bytes) -> ReceiptsCommit | None:
        if (keeper, root) not in self.commits:
            self.commits[keeper, root] = self.ledger.receipts_commit(keeper, root)
        return self.commits[keeper, root]

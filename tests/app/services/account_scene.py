"""alice's account at five keepers: asked for, exported, and changed by whoever edits the file."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from consentry.crypto import hpke
from consentry.domain import fields, infos
from consentry.domain.addresses import Address
from consentry.domain.ledger import KeeperInfo
from consentry.domain.queries import ReceiptsQuery
from consentry.domain.requests import request_digest
from consentry.domain.sessions import SessionKind
from consentry.services.account import Account, AskPorts, account
from consentry.services.account_check import verify_account
from consentry.services.account_file import AccountHeader, account_lines, read_account
from consentry.services.account_report import AccountReport
from consentry.services.commit import commit_next
from consentry.services.keeper_desk import Desk
from consentry.services.reading_session import Reader
from consentry.services.receipt_pages import ReceiptsPage
from consentry.services.receipts import receipts
from consentry.services.release import release
from consentry.services.release_intake import Signed
from tests.app.keeper_world import CHAIN_ID, NOW, World
from tests.app.memory_sender import MemorySender

Change = Callable[[ReceiptsPage], ReceiptsPage]
Tree = dict[str, Any]


def released(world: World, *seats: int, request: Any = None, commit: bool = True) -> None:
    """One request, served by these keepers."""
    asked = request or world.request()
    for seat in seats:
        release_at(world, seat, world.desk(seat), asked)
        if commit:
            commit_all(world, world.desk(seat))


def release_at(world: World, seat: int, desk: Desk, request: Any) -> None:
    """Served with the share of this seat."""
    (answer,) = release(world.command(request, seat=seat), desk).items
    assert answer.seq is not None


def commit_all(world: World, desk: Desk) -> None:
    commit_next(desk.book, world.ledger, MemorySender(world.ledger, desk.account))


@dataclass
class Answering:
    """The keepers' own service without HTTP; some pages are changed before they are sealed, some calls fail."""

    world: World
    changes: dict[int, Change] = field(default_factory=dict)
    failing: dict[int, list[Exception]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    successors: dict[str, Desk] = field(default_factory=dict)

    def receipts(self, keeper: KeeperInfo, request: bytes, signature: bytes) -> Mapping[str, Any]:
        self.asked.append(keeper.account)
        if self.failing.get(keeper.seat):
            raise self.failing[keeper.seat].pop(0)
        desk = self.successors.get(keeper.account) or self.world.desk(keeper.seat)
        page = receipts(Signed(request, signature), desk)
        page = self.changes.get(keeper.seat, lambda same: same)(page)
        info = infos.receipts_info(request_digest(request))
        sealed = hpke.seal(ReceiptsQuery.parse(request).seal_to, info, json.dumps(page.to_json()).encode())
        return {"sealed": fields.to_base64(sealed)}


@dataclass
class Asking:
    world: World
    keepers: Answering
    paused: list[float] = field(default_factory=list)

    def ports(self, **more: Any) -> AskPorts:
        return AskPorts(self.keepers, self.world.clock, pause=self.paused.append, **more)  # type: ignore[arg-type]

    def reader(self, **changes: Any) -> Reader:
        session = changes or {"signer": "alice", "kind": SessionKind.PATIENT}
        certificate = self.world.session(**session)
        return Reader(self.world.account("alice"), certificate, self.world.session_key, None, "PATRQT")  # type: ignore[arg-type]

    def account(self, **more: Any) -> Account:
        return account(self.reader(), self.world.ledger, self.ports(**more))  # type: ignore[arg-type]


class Exported:
    """An account's file as JSON, to be changed line by line; the header first, the end last."""

    def __init__(self, world: World, found: Account) -> None:
        header = AccountHeader(Address(world.account("alice")), CHAIN_ID, "chain", NOW)
        self.world, self.trees = world, [json.loads(one) for one in account_lines(found, header)]

    def page(self, seat: int, number: int = 0) -> Tree:
        """A keeper's page of this number, from 0."""
        account = self.world.committee.keepers[seat].account
        return [one for one in self.trees[1:-1] if one["keeper"] == account][number]

    def count(self) -> None:
        """Let the end count what stands above it, as a careful forger does."""
        pages = self.trees[1:-1]
        self.trees[-1] |= {"pages": len(pages), "receipts": sum(len(one["receipts"]) for one in pages)}

    def raw(self) -> bytes:
        return b"".join(json.dumps(one).encode() + b"\n" for one in self.trees)

    def verify(self) -> AccountReport:
        self.count()
        header, pages = read_account(io.BytesIO(self.raw()))
        return verify_account(header.patient, pages, self.world.ledger)

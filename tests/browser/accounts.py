"""What the page's `account()` gives, made of a real account of Python's: five keepers, each receipt signed and committed.

So views are tried on what keepers really write, thousands of receipts too, without a network of processes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from consentry.domain import fields, times
from consentry.domain.receipts import RELEASED, Receipt
from consentry.domain.requests import ReleaseRequest
from consentry.domain.sessions import SessionKind
from consentry.services.account import Account, account
from consentry.services.account_report import AccountReport, Noted
from consentry.services.release import release
from tests.app.keeper_world import World
from tests.app.services.account_scene import Answering, Asking, Exported, commit_all

MOST_RECEIPTS = 100_000


@dataclass(frozen=True)
class Told:
    """An account as Python gathers and verifies it."""

    world: World
    account: Account
    report: AccountReport

    def to_json(self) -> dict[str, Any]:
        """`AccountOfAccesses` of core/account.ts, its file as text."""
        keepers = self.report.keepers
        return {
            "accesses": self.accesses(),
            "missing": [
                {"kind": "waiting", "seat": one.seat, "member": one.member, "receipts": one.waiting}
                for one in keepers
                if one.waiting
            ],
            "verified": {
                "receipts": self.report.receipts,
                "roots": len(
                    {one.evidence.commit.root for one in self.account.receipts if one.evidence.commit}
                ),
                "keepers": sum(one.complete for one in keepers),
                "asked": len(keepers),
                "head": 4211,
            },
            "file": "".join(line + "\n" for line in ("header", "pages", "end")),
        }

    def accesses(self) -> list[dict[str, Any]]:
        """One for each request and what its items came to; newest first."""
        noted = {(one.actor, one.item, one.decision): one for one in self.report.noted}
        groups: dict[tuple[bytes, str], list[Receipt]] = defaultdict(list)
        on_chain = {one.receipt.to_bytes(): one.proven for one in self.account.receipts}
        for one in self.account.receipts:
            receipt = one.receipt
            found = noted[receipt.actor, receipt.item, receipt.decision]
            groups[receipt.request_digest, _kind(found)].append(receipt)
        made = [self._access(kind, group, noted, on_chain) for (_, kind), group in groups.items()]
        return sorted(made, key=lambda one: str(one["at"]), reverse=True)

    def _access(
        self, kind: str, group: list[Receipt], noted: dict[Any, Noted], on_chain: dict[bytes, bool]
    ) -> dict[str, Any]:
        first = min(group, key=lambda one: one.time)
        named = {"consentId": first.consent_id, "openingId": first.opening_id, "mandateId": first.mandate_id}
        records = {one.item.record_id: one.category for one in group if one.item.record_id is not None}
        staff = self.world.ledger.latest.staff.get(first.practitioner or first.actor)
        return {
            "kind": kind,
            "request": fields.to_hex(first.request_digest),
            "at": times.iso(first.time),
            "actor": first.actor,
            "person": None,
            "practitioner": first.practitioner,
            "member": None if first.member is None else self.report.names[first.member],
            "role": None if first.member is None or staff is None else staff.role,
            "purpose": first.purpose,
            "ground": str(first.ground),
            **{name: None if value is None else fields.to_hex(value) for name, value in named.items()},
            "episode": first.episode,
            "records": [fields.to_hex(one) for one in records],
            "categories": sorted({str(one) for one in records.values()}),
            "seeds": sorted({str(one.category) for one in group if one.item.record_id is None}),
            "keepers": sorted({self._seat(one.keeper) for one in group}),
            "threshold": noted[first.actor, first.item, first.decision].threshold,
            "reasons": sorted({one.reason for one in group if one.decision != RELEASED}),
            "proven": "on-chain" if all(on_chain[one.to_bytes()] for one in group) else "signed",
        }

    def _seat(self, account: str) -> int:
        return next(one.seat for one in self.world.committee.keepers if one.account == account)


def _kind(one: Noted) -> str:
    if one.decision != RELEASED:
        return "refused"
    return "access" if one.is_access else "possible"


def served(world: World, request: ReleaseRequest, *seats: int) -> None:
    """One request of any number of items, decided by these keepers, and committed."""
    for seat in seats:
        desk = world.desk(seat)
        release(world.command(request, seat=seat), desk)
        commit_all(world, desk)


def told(world: World) -> Told:
    """alice's account at all keepers, now."""
    asking = Asking(world, Answering(world))
    ends = world.clock.now() + 3_600
    reader = asking.reader(signer="alice", kind=SessionKind.PATIENT, expires=ends)
    ports = asking.ports(most_receipts=MOST_RECEIPTS, most_bytes=2**30, seconds=600)
    found = account(reader, world.ledger, ports)  # type: ignore[arg-type]
    return Told(world, found, Exported(world, found).verify())

"""A keeper's feed for the regulator: what a page and a row of it tell (specification A-10, A-11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from consentry.domain import fields, times
from consentry.domain.addresses import Address
from consentry.domain.grounds import GroundType
from consentry.domain.purposes import Purpose
from consentry.domain.receipts import REFUSED, RELEASED

FEED_PAGE = 500
PSEUDONYM_BYTES = 16
_ROW = ("actor", "decision", "ground", "member", "patient", "purpose", "seq", "time")
_PAGE = ("chainId", "keeper", "next", "rows")


@dataclass(frozen=True)
class FeedRow:
    """One receipt, as the regulator sees it. `patient` is a pseudonym of 16 bytes, `time` in seconds.

    `actor` and `member` are None on the patient's side, whose account would name the patient.
    """

    seq: int
    time: int
    actor: Address | None
    member: Address | None
    purpose: str
    ground: GroundType
    decision: str
    patient: bytes

    def to_json(self) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "decision": self.decision,
            "ground": str(self.ground),
            "member": self.member,
            "patient": fields.to_hex(self.patient),
            "purpose": str(self.purpose),
            "seq": self.seq,
            "time": times.iso(self.time),
        }

    @classmethod
    def parse(cls, obj: Any) -> FeedRow:
        """Raises LayoutInvalid naming the field."""
        got = fields.exact(obj, _ROW, "row")
        return cls(
            seq=fields.integer(got["seq"], "row.seq"),
            time=times.seconds(got["time"], "row.time"),
            actor=fields.optional_address(got["actor"], "row.actor"),
            member=fields.optional_address(got["member"], "row.member"),
            purpose=fields.member_of(got["purpose"], Purpose, "row.purpose"),
            ground=GroundType(fields.member_of(got["ground"], GroundType, "row.ground")),
            decision=fields.member_of(got["decision"], (RELEASED, REFUSED), "row.decision"),
            patient=fields.hex_bytes(got["patient"], "row.patient", PSEUDONYM_BYTES),
        )


@dataclass(frozen=True)
class FeedPage:
    """At most FEED_PAGE rows in order; `next` is what to ask for after them, also when there is nothing there yet."""

    keeper: Address
    chain_id: int
    rows: tuple[FeedRow, ...]
    next: int

    def to_json(self) -> dict[str, Any]:
        return {
            "chainId": self.chain_id,
            "keeper": self.keeper,
            "next": self.next,
            "rows": [one.to_json() for one in self.rows],
        }

    @classmethod
    def parse(cls, obj: Any) -> FeedPage:
        """Raises LayoutInvalid naming the field."""
        got = fields.exact(obj, _PAGE, "feed")
        return cls(
            keeper=fields.address(got["keeper"], "feed.keeper"),
            chain_id=fields.integer(got["chainId"], "feed.chainId", 1),
            rows=tuple(FeedRow.parse(one) for one in fields.array(got["rows"], "feed.rows", 0, FEED_PAGE)),
            next=fields.integer(got["next"], "feed.next"),
        )

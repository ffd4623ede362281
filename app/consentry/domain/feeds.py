"""A keeper's feed for the regulator: what is asked, and what a row tells (specification A-10, A-11)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from consentry.domain import canonical, fields, times
from consentry.domain.addresses import Address
from consentry.domain.directory import ENTRY_KEY_BYTES
from consentry.domain.grounds import GroundType
from consentry.domain.purposes import Purpose
from consentry.domain.receipts import REFUSED, RELEASED
from consentry.domain.sessions import SessionCertificate

FEED_PAGE = 500
PSEUDONYM_BYTES = 16
_QUERY = ("actor", "after", "chainId", "issuedAt", "keeper", "nonce", "sealTo", "session", "type")
_ROW = ("actor", "decision", "ground", "member", "patient", "purpose", "seq", "time")
_PAGE = ("chainId", "keeper", "next", "rows")


@dataclass(frozen=True)
class FeedQuery:
    """Asks one keeper for its receipts from number `after` on. `issued_at` in seconds, `nonce` 16 to 32 bytes, `seal_to`
    X-Wing."""

    actor: Address
    after: int
    chain_id: int
    issued_at: int
    keeper: Address
    nonce: bytes
    seal_to: bytes
    session: SessionCertificate

    def __post_init__(self) -> None:
        fields.address(self.actor, "query.actor")
        fields.address(self.keeper, "query.keeper")
        fields.raw_bytes(self.seal_to, "query.sealTo", ENTRY_KEY_BYTES)
        fields.integer(self.after, "query.after")
        fields.integer(self.chain_id, "query.chainId", 1)
        fields.raw_bytes(self.nonce, "query.nonce", 16, 32)
        times.iso(self.issued_at)

    def to_bytes(self) -> bytes:
        return self._bytes

    @classmethod
    def parse(cls, raw: bytes) -> FeedQuery:
        """Read the canonical bytes. Raises LayoutInvalid naming the field."""
        got = fields.exact(raw, _QUERY, "query")
        fields.member_of(got["type"], ("feed",), "query.type")
        return cls(
            actor=got["actor"],
            after=got["after"],
            chain_id=got["chainId"],
            issued_at=times.seconds(got["issuedAt"], "query.issuedAt"),
            keeper=got["keeper"],
            nonce=fields.hex_bytes(got["nonce"], "query.nonce", 16, 32),
            seal_to=fields.base64_bytes(got["sealTo"], "query.sealTo", ENTRY_KEY_BYTES),
            session=SessionCertificate.from_json(got["session"]),
        )

    @cached_property
    def _bytes(self) -> bytes:
        return canonical.dumps(
            {
                "actor": self.actor,
                "after": self.after,
                "chainId": self.chain_id,
                "issuedAt": times.iso(self.issued_at),
                "keeper": self.keeper,
                "nonce": fields.to_hex(self.nonce),
                "sealTo": fields.to_base64(self.seal_to),
                "session": self.session.to_json(),
                "type": "feed",
            }
        )


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

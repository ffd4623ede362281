"""What a keeper is asked page by page: a patient's receipts (K-9, K-10), and its feed for the regulator (A-10, A-11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

from consentry.domain import canonical, fields, times
from consentry.domain.addresses import Address
from consentry.domain.directory import ENTRY_KEY_BYTES
from consentry.domain.sessions import SessionCertificate

_KEYS = ("actor", "after", "chainId", "issuedAt", "keeper", "nonce", "sealTo", "session", "type")


@dataclass(frozen=True)
class PageQuery:
    """Asks one keeper for what comes after the first `after` of its sequence numbers, from 0; the `next` of one page is the
    `after` of the following. `issued_at` in seconds, `nonce` 16 to 32 bytes, `seal_to` an X-Wing key for the answer."""

    TYPE: ClassVar[str]
    MORE: ClassVar[tuple[str, ...]] = ()

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
    def parse(cls, raw: bytes) -> Self:
        """Read the canonical bytes. Raises LayoutInvalid naming the field."""
        got = fields.exact(raw, tuple(sorted((*_KEYS, *cls.MORE))), "query")
        fields.member_of(got["type"], (cls.TYPE,), "query.type")
        return cls(
            actor=got["actor"],
            after=got["after"],
            chain_id=got["chainId"],
            issued_at=times.seconds(got["issuedAt"], "query.issuedAt"),
            keeper=got["keeper"],
            nonce=fields.hex_bytes(got["nonce"], "query.nonce", 16, 32),
            seal_to=fields.base64_bytes(got["sealTo"], "query.sealTo", ENTRY_KEY_BYTES),
            session=SessionCertificate.from_json(got["session"]),
            **{name: got[name] for name in cls.MORE},
        )

    def _more(self) -> Mapping[str, Any]:
        """What a kind of query names besides, by the names of `MORE`."""
        return {}

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
                "type": self.TYPE,
                **self._more(),
            }
        )


@dataclass(frozen=True)
class FeedQuery(PageQuery):
    """For the regulator: the keeper's receipts, pseudonymised."""

    TYPE: ClassVar[str] = "feed"


@dataclass(frozen=True)
class ReceiptsQuery(PageQuery):
    """For the patient's side: the keeper's receipts about `patient`."""

    TYPE: ClassVar[str] = "receipts"
    MORE: ClassVar[tuple[str, ...]] = ("patient",)

    patient: Address

    def __post_init__(self) -> None:
        super().__post_init__()
        fields.address(self.patient, "query.patient")

    def _more(self) -> Mapping[str, Any]:
        return {"patient": self.patient}

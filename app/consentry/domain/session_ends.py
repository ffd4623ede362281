"""The end of a session before its time (specification K-26): said by the account that opened it, or by its own key.

The whole certificate is shown, so that a keeper needs to have heard nothing before: it names the key, proves whose it is, and
says how long the end has to be kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from consentry.domain import canonical, eip712, fields, times
from consentry.domain.addresses import Address
from consentry.domain.sessions import SessionCertificate

STATEMENT = "I end this session. From now on nobody reads by it."
TYPE = eip712.struct(actor="address", key="string", expires="string", endedAt="string", statement="string")
_KEYS = ("actor", "chainId", "endedAt", "session", "type")


@dataclass(frozen=True)
class SessionEnd:
    """`actor` is the account that signed the certificate, `ended_at` when this was said, in seconds."""

    actor: Address
    chain_id: int
    ended_at: int
    session: SessionCertificate

    def __post_init__(self) -> None:
        fields.address(self.actor, "end.actor")
        fields.integer(self.chain_id, "end.chainId", 1)
        times.iso(self.ended_at)

    @property
    def key(self) -> str:
        """The key that signs nothing more, as the certificate names it."""
        return self.session.fields.key

    @property
    def until(self) -> int:
        """When the session would have ended by itself, in seconds."""
        return self.session.fields.expires

    def to_bytes(self) -> bytes:
        return self._bytes

    @classmethod
    def parse(cls, raw: bytes) -> SessionEnd:
        """Read the canonical bytes. Raises LayoutInvalid naming the field."""
        got = fields.exact(raw, _KEYS, "end")
        fields.member_of(got["type"], ("session-end",), "end.type")
        return cls(
            actor=got["actor"],
            chain_id=got["chainId"],
            ended_at=times.seconds(got["endedAt"], "end.endedAt"),
            session=SessionCertificate.from_json(got["session"]),
        )

    @cached_property
    def _bytes(self) -> bytes:
        return canonical.dumps(
            {
                "actor": self.actor,
                "chainId": self.chain_id,
                "endedAt": times.iso(self.ended_at),
                "session": self.session.to_json(),
                "type": "session-end",
            }
        )


def typed_data(end: SessionEnd) -> dict[str, Any]:
    """What the wallet shows and signs, in the domain of sessions."""
    domain = {"name": "Consentry session", "version": "1", "chainId": end.chain_id}
    message = {
        "actor": end.actor,
        "key": end.key,
        "expires": times.iso(end.until),
        "endedAt": times.iso(end.ended_at),
        "statement": STATEMENT,
    }
    return eip712.typed_data(domain, "SessionEnd", {"SessionEnd": TYPE}, message)

"""Episodes: a member's signed word that a patient is in its care now (specification L-22).

Some roles read only in a current episode of their own department. Who is where is known to the hospital's system alone,
so its system account asserts it, for one patient and one practitioner; keepers check the signature, the contract the
account's standing, and every receipt names who asserted it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from consentry.domain import eip712, fields, times
from consentry.domain.addresses import Address

MAX_EPISODE_SECONDS = 24 * 3600
TYPES = {
    "Episode": eip712.struct(
        patient="address", practitioner="address", department="string", validUntil="string"
    )
}
_KEYS = ("by", "department", "signature", "validUntil")


@dataclass(frozen=True)
class Episode:
    """What is asserted: `patient` is in a current episode in `practitioner`'s department. `valid_until` in seconds."""

    patient: Address
    practitioner: Address
    department: str
    valid_until: int

    def __post_init__(self) -> None:
        fields.address(self.patient, "episode.patient")
        fields.address(self.practitioner, "episode.practitioner")
        fields.code(self.department, "episode.department")
        times.iso(self.valid_until)


@dataclass(frozen=True)
class EpisodeAssertion:
    """As it stands in a request, which names patient and practitioner itself. `by` signed it; `signature` 65 bytes."""

    by: Address
    department: str
    valid_until: int
    signature: bytes

    def __post_init__(self) -> None:
        fields.address(self.by, "episode.by")
        fields.code(self.department, "episode.department")
        times.iso(self.valid_until)
        fields.raw_bytes(self.signature, "episode.signature", 65)

    def about(self, patient: Address, practitioner: Address) -> Episode:
        """What must have been signed, if it is about these two."""
        return Episode(patient, practitioner, self.department, self.valid_until)

    def is_current(self, now: int) -> bool:
        """Whether it has not ended and does not last longer than an assertion may (`now` in seconds)."""
        return now < self.valid_until <= now + MAX_EPISODE_SECONDS

    def to_json(self) -> dict[str, Any]:
        return {
            "by": self.by,
            "department": self.department,
            "signature": fields.to_hex(self.signature),
            "validUntil": times.iso(self.valid_until),
        }

    @classmethod
    def from_json(cls, obj: Any) -> EpisodeAssertion:
        """Read and check. Raises LayoutInvalid naming the field."""
        got = fields.exact(obj, _KEYS, "episode")
        signature = fields.hex_bytes(got["signature"], "episode.signature", 65)
        until = times.seconds(got["validUntil"], "episode.validUntil")
        return cls(got["by"], got["department"], until, signature)


def typed_data(episode: Episode, chain_id: int) -> dict[str, Any]:
    """What the member's system account signs."""
    domain = {"name": "Consentry episode", "version": "1", "chainId": chain_id}
    message = {
        "patient": episode.patient,
        "practitioner": episode.practitioner,
        "department": episode.department,
        "validUntil": times.iso(episode.valid_until),
    }
    return eip712.typed_data(domain, "Episode", TYPES, message)

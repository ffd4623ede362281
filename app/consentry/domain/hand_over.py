"""The file by which an outgoing keeper passes its keys on (specification K-31): canonical JSON, opened by the successor alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from consentry.domain import canonical, fields
from consentry.domain.addresses import Address
from consentry.domain.headers import MAX_SEATS

LAYOUT = "consentry/v1/hand-over"
SEALED_SEED_BYTES = 1120 + 32 + 16
MAX_KEYS = 256
MAX_FILE_BYTES = 2**20


@dataclass(frozen=True)
class HandedKey:
    """The key that committee `version` names for `seat`, sealed to the key of `to` as committee `to_version` names it."""

    version: int
    seat: int
    to_version: int
    to: Address
    sealed: bytes

    def __post_init__(self) -> None:
        fields.integer(self.version, "key.version", 1)
        fields.integer(self.seat, "key.seat", 0, MAX_SEATS - 1)
        fields.integer(self.to_version, "key.toVersion", 1)
        fields.address(self.to, "key.to")
        fields.raw_bytes(self.sealed, "key.sealed", SEALED_SEED_BYTES)

    def to_json(self) -> dict[str, Any]:
        return {
            "sealed": fields.to_base64(self.sealed),
            "seat": self.seat,
            "to": self.to,
            "toVersion": self.to_version,
            "version": self.version,
        }

    @classmethod
    def parse(cls, obj: Any) -> HandedKey:
        got = fields.exact(obj, ("sealed", "seat", "to", "toVersion", "version"), "key")
        return cls(
            version=got["version"],
            seat=got["seat"],
            to_version=got["toVersion"],
            to=fields.address(got["to"], "key.to"),
            sealed=fields.base64_bytes(got["sealed"], "key.sealed", SEALED_SEED_BYTES),
        )


@dataclass(frozen=True)
class HandOver:
    """What `keeper` passes on, on this chain; `committees` is the address of KeeperCommittee."""

    chain_id: int
    committees: Address
    keeper: Address
    keys: tuple[HandedKey, ...]

    def to_bytes(self) -> bytes:
        return canonical.dumps(
            {
                "chainId": self.chain_id,
                "committees": self.committees,
                "keeper": self.keeper,
                "keys": [one.to_json() for one in self.keys],
                "layout": LAYOUT,
            }
        )

    @classmethod
    def parse(cls, raw: bytes) -> HandOver:
        """Read a file, with or without a line end. Raises LayoutInvalid naming the field."""
        if len(raw) > MAX_FILE_BYTES:
            fields.refuse("file", "be at most 1 MiB")
        got = fields.exact(raw.rstrip(b"\r\n"), ("chainId", "committees", "keeper", "keys", "layout"), "file")
        fields.member_of(got["layout"], (LAYOUT,), "file.layout")
        return cls(
            chain_id=fields.integer(got["chainId"], "file.chainId", 1),
            committees=fields.address(got["committees"], "file.committees"),
            keeper=fields.address(got["keeper"], "file.keeper"),
            keys=tuple(HandedKey.parse(one) for one in fields.array(got["keys"], "file.keys", 1, MAX_KEYS)),
        )

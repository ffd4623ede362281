"""Where following begins: a block that the consortium vouches for, and who seals after it; a file that a clinic keeps.

Whoever hands out the first one is believed. What follows from it is proven, and saved in the same form.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from consentry.domain import fields
from consentry.errors import DeploymentMissing, LayoutInvalid
from consentry.light.clique import Clique
from consentry.light.istanbul import Istanbul
from consentry.light.qbft import Qbft
from consentry.light.trust import ADDRESS_BYTES, Engine, Trust, Vote

ENGINES: Final[dict[str, Callable[[], Engine]]] = {"clique": Clique, "istanbul": Istanbul, "qbft": Qbft}


@dataclass(frozen=True)
class Checkpoint:
    """`engine`: a name of ENGINES. `block`: the hash (32 bytes) of block `number`. Without `validators`, the block itself says
    who seals, as a first block does."""

    engine: str
    number: int
    block: bytes
    validators: tuple[bytes, ...] = ()
    recent: tuple[tuple[int, bytes], ...] = ()
    votes: tuple[Vote, ...] = ()

    @classmethod
    def of(cls, engine: str, trust: Trust) -> Checkpoint:
        """To go on from there next time."""
        return cls(
            engine, trust.header.number, trust.header.hash, trust.validators, trust.recent, trust.votes
        )

    @classmethod
    def read(cls, path: Path) -> Checkpoint:
        """Of a file. Raises DeploymentMissing."""
        try:
            return cls.from_json(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError):
            raise DeploymentMissing(f"{path.name} is no checkpoint that can be read") from None

    @property
    def rules(self) -> Engine:
        return ENGINES[self.engine]()

    def to_json(self) -> dict[str, Any]:
        return {
            "engine": self.engine,
            "number": self.number,
            "block": fields.to_hex(self.block),
            "validators": [fields.to_hex(one) for one in self.validators],
            "recent": [[number, fields.to_hex(sealer)] for number, sealer in self.recent],
            "votes": [
                [fields.to_hex(one.sealer), fields.to_hex(one.account), one.admits] for one in self.votes
            ],
        }

    @classmethod
    def from_json(cls, raw: Any) -> Checkpoint:
        """Raises DeploymentMissing for what is no checkpoint."""
        try:
            if raw["engine"] not in ENGINES:
                raise ValueError("engine is clique, istanbul or qbft")
            return cls(
                raw["engine"],
                _natural(raw["number"]),
                fields.hex_bytes(raw["block"], "block"),
                tuple(_account(one) for one in raw.get("validators", ())),
                tuple((_natural(number), _account(sealer)) for number, sealer in raw.get("recent", ())),
                tuple(
                    Vote(_account(sealer), _account(account), admits is True)
                    for sealer, account, admits in raw.get("votes", ())
                ),
            )
        except (KeyError, TypeError, ValueError, AttributeError, LayoutInvalid) as problem:
            raise DeploymentMissing(f"this is no checkpoint of a chain: {problem}") from None


def _account(text: Any) -> bytes:
    if not isinstance(text, str) or not text.startswith("0x"):
        raise ValueError("an account is 0x and 40 hex digits")
    raw = bytes.fromhex(text[2:])
    if len(raw) != ADDRESS_BYTES:
        raise ValueError("an account is 0x and 40 hex digits")
    return raw


def _natural(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("a number is missing")
    return value

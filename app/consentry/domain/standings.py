"""Who once stood on a patient's side (ERC-1056 owners and delegates)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class EndedStanding:
    """A former controller or representative of an identity, and since when (seconds) it is one no more."""

    who: Literal["controller", "representative"]
    at: int

"""What a gateway keeps of FHIR Consents that were sent to it, beside the terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class ConsentFrames(Protocol):
    """Consents as they were sent, by consent id, encrypted: they may name the person. Durable, safe from any thread."""

    def keep(self, consent_id: bytes, sealed: bytes) -> None: ...

    def of(self, consent_ids: Sequence[bytes]) -> dict[bytes, bytes]: ...

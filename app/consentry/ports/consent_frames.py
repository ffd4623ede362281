"""What a gateway keeps of FHIR Consents that were sent to it, beside the terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class ConsentFrames(Protocol):
    """What surrounded the permissions of Consents that were sent, as JSON text by consent id. Durable, safe from any thread."""

    def keep(self, consent_id: bytes, resource: bytes) -> None: ...

    def of(self, consent_ids: Sequence[bytes]) -> dict[bytes, bytes]: ...

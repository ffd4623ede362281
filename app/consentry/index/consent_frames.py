"""What surrounds the permissions of FHIR Consents that were proposed here (N-5). Beside the proposals; back it up with them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select

from consentry.index.desk_tables import consent_frames
from consentry.index.gateway_store import GatewayStore

_AT_ONCE = 500


class DeskConsentFrames:
    """The ConsentFrames port. Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._database = store.database

    def keep(self, consent_id: bytes, sealed: bytes) -> None:
        with self._database.write() as connection:
            connection.execute(insert(consent_frames).values(consent_id=consent_id, sealed=sealed))

    def of(self, consent_ids: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        query = select(consent_frames.c.consent_id, consent_frames.c.sealed)
        with self._database.read() as connection:
            for start in range(0, len(consent_ids), _AT_ONCE):
                part = consent_frames.c.consent_id.in_(list(consent_ids[start : start + _AT_ONCE]))
                for row in connection.execute(query.where(part)):
                    found[row.consent_id] = row.sealed
        return found

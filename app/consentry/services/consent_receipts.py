"""A patient's receipt of a consent (specification N-7)."""

from __future__ import annotations

from typing import Any

from consentry.fhir.consent_receipt import Issued, receipt
from consentry.services.consent_resources import ConsentDesk, ConsentResource


def receipt_of(one: ConsentResource, desk: ConsentDesk) -> dict[str, Any]:
    """A receipt as JSON, of where the consent stands now."""
    kept = one.consent.kept
    issued = Issued(
        consent_id=kept.consent_id,
        state=one.state,
        proposed_at=kept.proposed_at,
        changed_at=one.consent.changed_at,
        transaction=kept.transaction,
        issuer=desk.consents.site.member_name,
        issued_at=desk.consents.clock.now(),
    )
    return receipt(kept.consent, issued)

"""Which routes beside the FHIR facade leave an audit event, and which do not, each for a reason (specification J-1).

A test compares both lists with the routes that there are: a new one stands in one of them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from consentry.fhir.audit_facts import Pattern

CREATE, READ, UPDATE, DELETE, QUERY = (
    (Pattern.CREATE, ("create",)),
    (Pattern.READ, ("read",)),
    (Pattern.UPDATE, ("update",)),
    (Pattern.DELETE, ("delete",)),
    (Pattern.QUERY, ("search-type",)),
)

AUDITED: Final = MappingProxyType(
    {
        "consents.get_consents": (*QUERY, "Consent"),
        "consents.get_proposals": (*QUERY, "Consent"),
        "consents.get_consents_of": (*QUERY, "Consent"),
        "consents.post_proposal": (*CREATE, "Consent"),
        "consents.post_own_granted": (*CREATE, "Consent"),
        "consents.post_brought": (*CREATE, "Consent"),
        "consents.post_handing": (*READ, "Consent"),
        "consents.delete_proposal": (*DELETE, "Consent"),
        "consents.post_replacement": (*UPDATE, "Consent"),
        "consents.post_grant": (*UPDATE, "Consent"),
        "consents.get_revocation": (*READ, "Consent"),
        "consents.post_revocation": (*UPDATE, "Consent"),
        "emergency.post_proposal": (*CREATE, "Consent"),
        "emergency.post_opening": (*CREATE, "Consent"),
        "emergency.get_openings": (*QUERY, "Consent"),
        "emergency.post_closing": (*UPDATE, "Consent"),
        "emergency.post_review": (*UPDATE, "Consent"),
        "countersigning.post_waiting": (*CREATE, "Consent"),
        "countersigning.get_waiting": (*QUERY, "Consent"),
        "countersigning.get_one_waiting": (*READ, "Consent"),
        "countersigning.post_countersignature": (*CREATE, "Consent"),
        "countersigning.delete_waiting": (*DELETE, "Consent"),
        "emergency.put_summary": (*UPDATE, "Composition"),
        "episodes.put_episode": (*UPDATE, "EpisodeOfCare"),
        "episodes.delete_episode": (*DELETE, "EpisodeOfCare"),
        "erasures.post_erasure": (*DELETE, "Bundle"),
        "links.post_link_signature": (*CREATE, "Patient"),
        "links.post_waiting": (*CREATE, "Patient"),
        "links.post_find": (*QUERY, "Patient"),
        "links.delete_link": (*DELETE, "Patient"),
        "behalf.get_consents": (*QUERY, "Consent"),
        "behalf.post_consent": (*CREATE, "Consent"),
        "behalf.post_revocation": (*UPDATE, "Consent"),
        "behalf.post_handing": (*READ, "Consent"),
        "mandates.get_mandates": (*QUERY, "Consent"),
        "mandates.post_mandate": (*CREATE, "Consent"),
        "notifications.get_notifications": (*QUERY, "AuditEvent"),
        "petitions.post_petition": (*CREATE, "Task"),
        "petitions.get_petitions": (*QUERY, "Task"),
        "petitions.get_open": (*QUERY, "Task"),
        "petitions.post_answer": (*UPDATE, "Task"),
        "reading.get_receipts": (*QUERY, "AuditEvent"),
        "records.get_retractions": (*QUERY, "Bundle"),
        "records.post_retraction": (*DELETE, "Bundle"),
    }
)
"""By endpoint: the pattern, R4's interactions, and the type that comes closest."""

UNAUDITED: Final = MappingProxyType(
    {
        "tells nobody of anybody: what it serves is public, or of the member itself": (
            "colleagues.get_staff",
            "colleagues.post_names",
            "consents.get_waiting_proposals",
            "countersigning.get_waiting_ids",
            "fhir.get_metadata",
            "chain.post_chain",
            "network.get_deployment",
            "network.get_members",
            "oauth.get_smart_configuration",
            "fhir.post_validate",
            "fhir.post_validate_bundle",
            "fhir.post_validate_consent",
            "metrics.get_metrics",
            "network.get_network",
            "page_files.get_digest",
            "page_files.get_service_worker",
            "petitions.get_count",
            "petitions.get_retention",
            "pages.get_errors",
            "pages.get_clinic",
            "pages.get_health",
            "pages.get_openapi",
            "pages.get_page",
            "publications.get_publications",
            "readiness.get_live",
            "readiness.get_ready",
            "static",
        ),
        "is a step before the one that counts, and gives only what is to be signed": (
            "consents.get_replacement",
            "emergency.get_closing",
            "emergency.get_review",
            "links.post_link",
            "links.get_waiting",
            "reading.post_challenge",
            "people.post_challenge",
        ),
        "gives the patient's side ciphertext that is opaque here; who opens it stands in keepers' receipts": (
            "finding.get_blob",
            "finding.post_blobs",
            "finding.post_entries",
        ),
        "signs somebody in or out; what is then read or written is audited": (
            "oauth.post_introspection",
            "oauth.post_revocation",
            "oauth.post_token",
            "people.delete_sign_in",
            "people.get_me",
            "people.post_sign_in",
            "reading.post_session",
        ),
        "is told by the chain to everybody: who acts for an identity, and by whose signature": (
            "identity.get_identities",
            "identity.get_identity",
            "identity.post_ending",
            "identity.post_guardians",
            "identity.post_representative",
            "identity.post_veto",
            "recoveries.post_agreement",
            "recoveries.post_finishing",
            "recoveries.post_open",
        ),
        "is the patient's side's own setting or mark here": (
            "emergency.get_summary",
            "links.get_own",
            "mailing.delete_mail",
            "mailing.get_mail",
            "mailing.post_confirmation",
            "mailing.put_mail",
            "network.get_directory",
            "network.post_directory",
            "network.post_directory_document",
            "notifications.get_stream",
            "notifications.post_news_seen",
            "notifications.post_seen",
        ),
    }
)
"""By reason: endpoints without an audit event."""
_SILENT = frozenset(name for names in UNAUDITED.values() for name in names)


def is_silent(endpoint: str) -> bool:
    return endpoint in _SILENT

"""The codes of an AuditEvent, by pattern (IHE ITI BALP 1.1, CC-BY-4.0; the table that tests compare with names the source)."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from consentry.fhir.audit_facts import Pattern

BALP = "https://profiles.ihe.net/ITI/BALP"
INTERACTION = "http://hl7.org/fhir/restful-interaction"
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
ACT_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
RESOURCE_TYPES = "http://hl7.org/fhir/resource-types"
OUR_ENTITIES = "urn:consentry:audit-entity"

Coding = tuple[str, str, str]
"""System, code and display."""

REST: Final[Coding] = (
    "http://terminology.hl7.org/CodeSystem/audit-event-type",
    "rest",
    "Restful Operation",
)
SECURITY_ALERT: Final[Coding] = (DICOM, "110113", "Security Alert")
APPLICATION_SERVER: Final[Coding] = (
    "http://terminology.hl7.org/CodeSystem/security-source-type",
    "4",
    "Application Server",
)
_PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
SOURCE: Final[Coding] = (DICOM, "110153", "Source Role ID")
DESTINATION: Final[Coding] = (DICOM, "110152", "Destination Role ID")
APPLICATION: Final[Coding] = (DICOM, "110150", "Application")
CUSTODIAN: Final[Coding] = (
    "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
    "custodian",
    "Custodian",
)
RECIPIENT: Final[Coding] = (_PARTICIPATION, "IRCP", "information recipient")
AUTHOR: Final[Coding] = (_PARTICIPATION, "AUT", "author (originator)")
PROVIDER: Final[Coding] = (
    "http://terminology.hl7.org/CodeSystem/v3-RoleClass",
    "PROV",
    "healthcare provider",
)
AUTHORIZER: Final[Coding] = (
    "http://terminology.hl7.org/CodeSystem/extra-security-role-type",
    "authserver",
    "authorization server",
)
AUTHZ = f"{BALP}/CodeSystem/AuthZsubType"
BY_CONSENT, BY_ROLE = "AuthZ-Consent", "AuthZ-Role"

_ENTITY_TYPE = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
_ENTITY_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
PERSON: Final[Coding] = (_ENTITY_TYPE, "1", "Person")
SYSTEM_OBJECT: Final[Coding] = (_ENTITY_TYPE, "2", "System Object")
PATIENT: Final[Coding] = (_ENTITY_ROLE, "1", "Patient")
DOMAIN_RESOURCE: Final[Coding] = (_ENTITY_ROLE, "4", "Domain Resource")
QUERY: Final[Coding] = (_ENTITY_ROLE, "24", "Query")
REQUEST_ID: Final[Coding] = (f"{BALP}/CodeSystem/BasicAuditEntityType", "XrequestId", "X-Request-Id")
CONSENT: Final[Coding] = (RESOURCE_TYPES, "Consent", "Consent")
OUTCOME: Final[Coding] = (RESOURCE_TYPES, "OperationOutcome", "OperationOutcome")


@dataclass(frozen=True)
class Codes:
    """What a pattern fixes: R4's action, and the roles of who asks, who answers and for whom."""

    action: str
    client: Coding
    server: Coding
    user: Coding


CODES: Final = MappingProxyType(
    {
        Pattern.CREATE: Codes("C", SOURCE, DESTINATION, AUTHOR),
        Pattern.READ: Codes("R", DESTINATION, SOURCE, RECIPIENT),
        Pattern.UPDATE: Codes("U", SOURCE, DESTINATION, AUTHOR),
        Pattern.DELETE: Codes("D", APPLICATION, CUSTODIAN, AUTHOR),
        Pattern.QUERY: Codes("E", SOURCE, DESTINATION, RECIPIENT),
        Pattern.DECISION: Codes("E", APPLICATION, AUTHORIZER, RECIPIENT),
    }
)

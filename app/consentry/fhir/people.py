"""Members, their staff and their patients as FHIR resources: what the chain and the desk say, nothing of any record."""

from __future__ import annotations

from consentry.domain import times
from consentry.domain.ledger import MemberInfo, MemberStatus, StaffInfo
from consentry.fhir.consent_codes import MEMBER_NAME
from consentry.fhir.jsontext import Json

ACCOUNT_SYSTEM = "urn:consentry:account"
ROLE_SYSTEM = "urn:consentry:role"
KIND_SYSTEM = "urn:consentry:kind"
DEPARTMENT = "urn:consentry:department"


def organization(member: MemberInfo) -> dict[str, Json]:
    """A member under its registered name; its account is its id."""
    return {
        "resourceType": "Organization",
        "id": member.address,
        "identifier": [_account(member.address), {"system": MEMBER_NAME, "value": member.name}],
        "active": member.status is MemberStatus.Active,
        "type": [{"coding": [{"system": KIND_SYSTEM, "code": member.kind}]}],
        "name": member.name,
    }


def practitioner(staff: StaffInfo, member: MemberInfo | None, now: int) -> dict[str, Json]:
    """An enrolled account: role, department and end of licence, nobody's name. `now` in seconds."""
    active = member is not None and member.status is MemberStatus.Active and now < staff.licence_end_at
    issuer = {"reference": f"Organization/{staff.member}"} | (
        {} if member is None else {"display": member.name}
    )
    return {
        "resourceType": "Practitioner",
        "id": staff.account,
        "extension": [{"url": DEPARTMENT, "valueCode": staff.department}],
        "identifier": [_account(staff.account)],
        "active": active,
        "qualification": [
            {
                "code": {"coding": [{"system": ROLE_SYSTEM, "code": staff.role}]},
                "period": {"end": times.iso(staff.licence_end_at)},
                "issuer": issuer,
            }
        ],
    }


def patient(ref: str, member: str, identifiers: list[dict[str, Json]]) -> dict[str, Json]:
    """Somebody who is linked at this member (its account), by the reference that stands for the person there."""
    found: dict[str, Json] = {
        "resourceType": "Patient",
        "id": ref,
        "managingOrganization": {"reference": f"Organization/{member}"},
    }
    return found | {"identifier": identifiers} if identifiers else found


def _account(address: str) -> dict[str, Json]:
    return {"system": ACCOUNT_SYSTEM, "value": address}

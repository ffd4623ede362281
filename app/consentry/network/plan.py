"""Who takes part in the network of one machine. Names are made up; shapes are those of a real consortium."""

from __future__ import annotations

from dataclasses import dataclass

from consentry.domain.ledger import Chamber

THRESHOLD = 3
LICENCE_YEARS = 2


@dataclass(frozen=True)
class MemberPlan:
    """A member: `slug` names its folder; members with `chamber` run a keeper, those with `gateway` a gateway."""

    slug: str
    name: str
    kind: str
    chamber: Chamber
    gateway: bool


@dataclass(frozen=True)
class StaffPlan:
    """A person with an own wallet; `name` is what the member's gateway calls the account."""

    slug: str
    name: str
    member: str
    role: str
    department: str


MEMBERS = (
    MemberPlan("mercy", "Mercy Hospital", "hospital", Chamber.Institutions, True),
    MemberPlan("city", "City Hospital", "hospital", Chamber.Institutions, True),
    MemberPlan("regulator", "Health Regulator", "regulator", Chamber.EthicsBoard, False),
    MemberPlan("council", "Patients' Council", "patients-council", Chamber.PatientsCouncil, False),
    MemberPlan("trustee", "Records Trustee", "trustee", Chamber.EthicsBoard, False),
)

REGULATOR = "regulator"

STAFF = (
    StaffPlan("dr_bose", "Dr Arjun Bose", "city", "attending", "endocrinology"),
    StaffPlan("ines", "Ines Okafor", "city", "intern", "endocrinology"),
    StaffPlan("dr_duarte", "Dr Marta Duarte", "city", "attending", "emergency"),
    StaffPlan("nurse_okoye", "Nurse Ada Okoye", "city", "nurse", "emergency"),
    StaffPlan("dr_lindqvist", "Dr Karin Lindqvist", "city", "attending", "surgery"),
)


def member_named(slug: str) -> MemberPlan:
    """The plan of a member."""
    return next(plan for plan in MEMBERS if plan.slug == slug)


PATIENTS = ("alice", "bob", "chen")
STRANGER = "mallory"

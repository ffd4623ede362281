"""What people do at a member: the closed list of role codes that terms name and members enrol (at most 32
ASCII bytes).
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    ATTENDING = "attending"
    RESIDENT = "resident"
    INTERN = "intern"
    NURSE = "nurse"
    PHARMACIST = "pharmacist"
    LABORATORY = "laboratory"
    THERAPIST = "therapist"
    PSYCHIATRIST = "psychiatrist"
    RESEARCHER = "researcher"
    CLAIMS = "claims"
    AUDITOR = "auditor"
    SYSTEM = "system"


WORDS: Final = MappingProxyType(
    {
        Role.ATTENDING: "senior doctors",
        Role.RESIDENT: "doctors in specialist training",
        Role.INTERN: "doctors in their first training",
        Role.NURSE: "nurses",
        Role.PHARMACIST: "pharmacists",
        Role.LABORATORY: "laboratory staff",
        Role.THERAPIST: "therapists",
        Role.PSYCHIATRIST: "psychiatrists",
        Role.RESEARCHER: "researchers",
        Role.CLAIMS: "insurance case workers",
        Role.AUDITOR: "auditors",
        Role.SYSTEM: "computer systems of the institution",
    }
)

WORDS_ZH: Final = MappingProxyType(
    {
        Role.ATTENDING: "主治医师",
        Role.RESIDENT: "住院医师",
        Role.INTERN: "实习医师",
        Role.NURSE: "护士",
        Role.PHARMACIST: "药师",
        Role.LABORATORY: "检验人员",
        Role.THERAPIST: "治疗师",
        Role.PSYCHIATRIST: "精神科医师",
        Role.RESEARCHER: "研究人员",
        Role.CLAIMS: "保险理赔人员",
        Role.AUDITOR: "审计人员",
        Role.SYSTEM: "该机构的计算机系统",
    }
)

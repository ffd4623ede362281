"""The words in which a FHIR Consent says what terms say, and how a gateway knows members and records by reference.

Shaped after IHE PCF 1.1.0 (Basic and Intermediate) on R4 consent.html. What PCF has no element for is said by standard
ones: a category as `class`, a grade as `securityLabel` (by R4 a high-water mark), a role as a contained PractitionerRole.
Only `maxUses` has none: it narrows a permission, so it is a modifier extension.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NoReturn

from consentry.domain.addresses import Address
from consentry.errors import ConsentNotExpressible
from consentry.fhir.classify import CONFIDENTIALITY as CONFIDENTIALITY
from consentry.fhir.jsontext import Json
from consentry.fhir.merge import CATEGORY_TAG as CATEGORY_TAG
from consentry.fhir.merge import RECORD_TAG as RECORD_TAG

SCOPES: Final = "http://terminology.hl7.org/CodeSystem/consentscope"
PRIVACY: Final = "patient-privacy"
REASONS: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
PARTICIPATION: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
RECIPIENT: Final = "IRCP"
LOINC: Final = "http://loinc.org"
CONSENT_LOINC: Final = "59284-0"

OURS: Final = "urn:consentry:"
MEMBER_NAME: Final = "urn:consentry:member"
"""System of an identifier whose value is a member's registered name."""
ROLE: Final = "urn:consentry:role"
MAX_USES: Final = "urn:consentry:consent:max-uses"
POLICY: Final = "urn:consentry:policy:permit-only"
"""Nothing is permitted but what a provision permits."""

# PCF 1:53.2.1: what these overarching policies say narrows every provision that is agreed to under them.
NARROWING_POLICIES: Final = frozenset(
    f"https://profiles.ihe.net/ITI/PCF/Policy-{name}" for name in ("basic-normal", "break-glass-only", "deny")
)

# HL7 v3 ActReason 4.0.0 (terminology.hl7.org, CC0), `subsumedBy` among our purposes. To permit one permits none of the others
# (C-9); but who denies treatment denies emergency treatment.
NARROWER: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "TREAT": ("ETREAT", "COC"),
        "HPAYMT": ("COVAUTH", "CLMATTCH"),
        "HOPERAT": ("CAREMGT", "HQUALIMP", "PATSFTY", "HLEGAL"),
        "HRESCH": ("CLINTRCH",),
        "PATRQT": ("FAMRQT",),
    }
)

PERMIT: Final = "permit"
DENY: Final = "deny"
INSTANCE: Final = "instance"
AUTHORED_BY: Final = "authoredby"


def _nothing(_reference: str) -> str | None:
    return None


@dataclass(frozen=True)
class Names:
    """Whom and what references mean. `own` is the recipient; `members` gives every registered name by address.

    `base` is this server's FHIR address without a slash at its end. `record` gives the id (`0x` and hex) of the record that
    consists of the resource with this relative reference and nothing else of the patient's, or None.
    """

    own: Address
    members: Mapping[Address, str]
    base: str = ""
    record: Callable[[str], str | None] = field(default=_nothing)

    def relative(self, reference: str) -> str:
        """An absolute reference to this server as a relative one."""
        return reference.removeprefix(f"{self.base}/") if self.base else reference


def refuse(path: str, why: str) -> NoReturn:
    """Raise ConsentNotExpressible: this element …; never what it says."""
    raise ConsentNotExpressible(f"{path}: {why}", expression=(path,))


def coding(system: str, code: str) -> dict[str, Json]:
    return {"system": system, "code": code}


def concept(system: str, code: str) -> dict[str, Json]:
    return {"coding": [coding(system, code)]}


def member_reference(address: Address, name: str) -> dict[str, Json]:
    """An institution, followed by a client and recognised by its registered name."""
    return {
        "reference": f"Organization/{address}",
        "type": "Organization",
        "identifier": {"system": MEMBER_NAME, "value": name},
        "display": name,
    }

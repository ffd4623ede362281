"""Grounds and reasons: why a release is allowed or not (design §3, specification C-13)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class GroundType(StrEnum):
    SELF = "SELF"
    CONSENT = "CONSENT"
    EMERGENCY = "EMERGENCY"


class Reason(IntEnum):
    """`IConsentRegistry.Reason`: same names, same numbers."""

    Permitted = 0
    ConsentUnknown = 1
    ConsentRevoked = 2
    ConsentNotYetValid = 3
    ConsentExpired = 4
    RegistryDistrusted = 5
    RecipientNameWrong = 6
    RecipientInactive = 7
    ActorNotEnrolled = 8
    ActorLicenceEnded = 9
    ActorOfAnotherMember = 10
    SignerNotEnrolled = 11
    RoleNotCovered = 12
    CeilingExceeded = 13
    DepartmentNotOwn = 14
    LevelNotReleasable = 15
    AuthorUnknown = 16
    ProvisionMissing = 17
    EpisodeMissing = 18
    PatientDeactivated = 19
    MandateUnknown = 20
    MandateRevoked = 21
    ScopeExceeded = 22
    OpeningUnknown = 23
    OpeningClosed = 24
    OpeningEnded = 25
    OpenerOther = 26
    CategoryNotEmergency = 27
    PurposeNotEmergency = 28


class KeeperReason(StrEnum):
    """Why a keeper refuses before or beside the contract's rule; stands in receipts like a Reason's name."""

    NotPatientSide = "NotPatientSide"
    MandateNotInForce = "MandateNotInForce"
    RecordNotAnchored = "RecordNotAnchored"
    RecordRetracted = "RecordRetracted"
    RecordProofWrong = "RecordProofWrong"
    AuthorInactive = "AuthorInactive"
    DirectoryNotPublished = "DirectoryNotPublished"
    DirectoryMissing = "DirectoryMissing"
    SealedForAnother = "SealedForAnother"
    ShareMissing = "ShareMissing"
    ShareInvalid = "ShareInvalid"
    UsesExhausted = "UsesExhausted"
    RevocationSeen = "RevocationSeen"


AnyReason = Reason | KeeperReason

PERMITTED = Reason.Permitted.name
REFUSALS = frozenset(reason.name for reason in Reason if reason) | frozenset(KeeperReason)


@dataclass(frozen=True)
class Refused:
    """The ground does not hold, for this reason; the caller only ever hears NoGround."""

    reason: AnyReason

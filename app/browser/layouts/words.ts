/** The closed lists of words that layouts and terms use; tests compare them with Python's. */

export const CATEGORIES: readonly string[] = [
  "visit", "laboratory", "vitals", "imaging", "medication", "allergy", "problem", "procedure", "immunization",
  "device", "document", "care-plan", "billing", "psychiatry", "substance", "sexual-health", "hiv", "violence",
  "genetics", "emergency", "consent",
];

/** HL7 v3 ActReason, the codes that Consentry knows. */
export const PURPOSES: readonly string[] = [
  "TREAT", "ETREAT", "COC", "CAREMGT", "HPAYMT", "COVAUTH", "CLMATTCH", "HOPERAT", "HQUALIMP", "PATSFTY", "HLEGAL",
  "HRESCH", "CLINTRCH", "PUBHLTH", "PATRQT", "FAMRQT",
];

export const ROLES: readonly string[] = [
  "attending", "resident", "intern", "nurse", "pharmacist", "laboratory", "therapist", "psychiatrist", "researcher",
  "claims", "auditor", "system",
];

/** Why a keeper refuses: the contract's reasons and the keeper's own, by name. */
export const REFUSAL_REASONS: readonly string[] = [
  "ConsentUnknown", "ConsentRevoked", "ConsentNotYetValid", "ConsentExpired", "RegistryDistrusted",
  "RecipientNameWrong", "RecipientInactive", "ActorNotEnrolled", "ActorLicenceEnded", "ActorOfAnotherMember",
  "SignerNotEnrolled", "RoleNotCovered", "CeilingExceeded", "DepartmentNotOwn", "LevelNotReleasable", "AuthorUnknown",
  "ProvisionMissing", "EpisodeMissing", "PatientDeactivated", "MandateUnknown", "MandateRevoked", "ScopeExceeded",
  "OpeningUnknown", "OpeningClosed", "OpeningEnded", "OpenerOther", "CategoryNotEmergency", "PurposeNotEmergency",
  "NotPatientSide", "MandateNotInForce", "RecordNotAnchored", "RecordRetracted", "RecordProofWrong", "AuthorInactive",
  "DirectoryNotPublished", "DirectoryMissing", "SealedForAnother", "ShareMissing", "ShareInvalid", "UsesExhausted",
  "RevocationSeen",
];

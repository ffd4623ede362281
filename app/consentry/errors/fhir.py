"""FHIR content."""

from __future__ import annotations

from consentry.errors.base import InputError


class NotJson(InputError):
    code = "not-json"
    next_step = "Send UTF-8 encoded JSON as RFC 8259 defines it, every element named once."
    summary = "Not JSON that can be read without doubt."


class NotFhir(InputError):
    """`expression` names the elements (FHIRPath); their values are never repeated."""

    code = "not-fhir"
    status = 422
    next_step = "Correct the named elements; a FHIR R4 validator shows more."
    summary = "Not valid FHIR R4."


class BundleTypeUnsupported(InputError):
    code = "bundle-type-unsupported"
    status = 422
    next_step = "Send a collection, document, batch or transaction that only creates (POST, PUT)."
    summary = "A Bundle of this type cannot be published."


class BundleEmpty(InputError):
    code = "bundle-empty"
    status = 422
    next_step = "Send at least one clinical resource."
    summary = "The Bundle holds nothing to publish."


class BundleTooLarge(InputError):
    code = "bundle-too-large"
    status = 413
    next_step = "Send one visit, or fewer entries, at a time."
    summary = "The Bundle is larger than this gateway accepts."


class BundleNamesNoPatient(InputError):
    code = "bundle-names-no-patient"
    status = 422
    next_step = "Add the Patient resource or a reference to the patient."
    summary = "Nothing in the Bundle says whose data it is."


class BundleNamesTwoPatients(InputError):
    code = "bundle-names-two-patients"
    status = 422
    next_step = "Send one Bundle for each patient."
    summary = "The Bundle refers to more than one patient."


class SubjectNotPatient(InputError):
    code = "subject-not-patient"
    status = 422
    next_step = "Leave out resources about groups, devices or places."
    summary = "A resource is about something that is not a patient."


class ResourceTypeUnsupported(InputError):
    code = "resource-type-unsupported"
    status = 422
    next_step = (
        "Leave out the named entries; app/consentry/fhir/data/resource_types.json lists what is taken."
    )
    summary = "A resource of this type cannot be published."


class LevelCoreNotSupported(InputError):
    code = "level-core-not-supported"
    status = 422
    next_step = "Keep sequence data in your own store; publish its interpretation only."
    summary = "Level 4 data (for example a genome) never leaves its author."


class DateMissing(InputError):
    code = "date-missing"
    status = 422
    next_step = "Give the resource a clinical date, or the Bundle a timestamp."
    summary = "Nothing says when the named resource came about."


class ConsentNotExpressible(InputError):
    """`expression` names the element; what it says is never repeated."""

    code = "consent-not-expressible"
    status = 422
    next_step = "Leave the named element out or say it otherwise; nothing was proposed, and nothing is permitted by it."
    summary = "The Consent says something that cannot be signed and enforced as it stands."


class ConsentPermitsNothing(InputError):
    code = "consent-permits-nothing"
    status = 422
    next_step = "Send nothing: without a consent nothing is permitted. What was granted ends by an update to inactive."
    summary = "The Consent permits nothing, so that there is nothing to sign."


class ConsentSignatureMissing(InputError):
    code = "consent-signature-missing"
    status = 422
    next_step = (
        "Read the Consent: its extensions hold what the patient's wallet signs to grant and to revoke. "
        "Send the update again with the signature as extension urn:consentry:consent:signature."
    )
    summary = "Only the patient's signature grants or revokes a consent; nothing was changed."


class ConsentFixed(InputError):
    code = "consent-fixed"
    status = 422
    next_step = "Create another Consent that says it, and revoke this one (status inactive)."
    summary = "What a consent says is fixed when it is proposed: only its status can be updated."

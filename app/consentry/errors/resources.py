"""Single FHIR resources, by id."""

from __future__ import annotations

from consentry.errors.base import InputError


class ResourceTypeMismatch(InputError):
    code = "resource-type-mismatch"
    next_step = "Send the resource to the address of its own type."
    summary = "The resource is of another type than the address."


class ResourceIdMismatch(InputError):
    code = "resource-id-mismatch"
    next_step = "Send the id of the address in the resource, too; create without an id by POST."
    summary = "The resource's id is missing, or another one than the address's."


class ResourceUnknown(InputError):
    """Whether there is such a resource that the caller may not see is not told."""

    code = "resource-unknown"
    status = 404
    next_step = "Search by `patient` and `_id`: what a search under your ground shows can be read by its id for 15 minutes."
    summary = "Nothing is known under this id here, or nothing that you may see."


class ResourceNotOwn(InputError):
    """R4 http.html#rejecting-updates: the server does not allow client defined ids."""

    code = "resource-not-own"
    status = 405
    next_step = "Create it by POST, without an id; correct another hospital's record there."
    summary = "This hospital published nothing under this id, and ids are given by the gateway."


class ResourceGone(InputError):
    code = "resource-gone"
    status = 410
    next_step = "Create it anew by POST if it was withdrawn by mistake."
    summary = "This resource was withdrawn."


class ResourceNotAlone(InputError):
    code = "resource-not-alone"
    status = 409
    next_step = "Have a ground to read that record, or publish its whole Bundle again with the change in it."
    summary = "The record that holds this resource holds others too."


class VersionConflict(InputError):
    code = "version-conflict"
    status = 412
    next_step = "Read the resource again, make the change to what it is now, and send that version's ETag."
    summary = "The resource is no longer at the version that If-Match names."


class ConditionAmbiguous(InputError):
    code = "condition-ambiguous"
    status = 412
    next_step = "Name one of the resources by its id."
    summary = "More than one resource meets the condition."


class ConditionInvalid(InputError):
    code = "condition-invalid"
    next_step = (
        "Name one `identifier=system|value`, and `patient=` at most; nothing else decides a condition here."
    )
    summary = "The condition cannot be decided."


class NotAcceptable(InputError):
    code = "not-acceptable"
    status = 406
    next_step = "Ask for application/fhir+json of FHIR 4.0."
    summary = "Only JSON of FHIR R4 is answered here."

"""Changing a resource that shares its record with others: the record is read under the caller's ground first (F-13)."""

from __future__ import annotations

from consentry.domain.addresses import Address
from consentry.errors import HeaderInvalid, NoGround, ReadingSessionMissing, ResourceNotAlone
from consentry.fhir.jsontext import Json
from consentry.gateway.auditing import about_no_ground
from consentry.gateway.fhir.asking import reader
from consentry.gateway.fhir.conditions import expected_versions
from consentry.gateway.fhir.subjects import system_of
from consentry.gateway.parts import gateway
from consentry.gateway.searchset import record
from consentry.services.everything import read_everything
from consentry.services.opening import OpenedRecord
from consentry.services.own_resources import OwnResource
from consentry.services.resources import Written, at_version
from consentry.services.revising import ReviseRecord, revise


def shares(own: OwnResource) -> bool:
    """Whether its record holds others too."""
    return own.record is not None and not own.alone


def change(own: OwnResource, changed: dict[str, Json] | None, ref: str, by: str) -> Written | None:
    """Publish its record with the resource changed, or without it. `ref`: how the answer calls the patient.

    Raises ResourceGone, VersionConflict, ResourceNotAlone for who may not read the record, and what `revise` does.
    """
    parts, expected = gateway(), expected_versions()
    opened = _opened(at_version(own, expected).record_id, own.patient)
    command = ReviseRecord(
        own.type,
        own.id,
        own.patient,
        f"Patient/{ref}",
        record(opened),
        opened.header.department,
        changed,
        system_of(by),
        by,
        expected,
    )
    return revise(command, parts.author, parts.publishing)


_WHY = "It is changed by who may read that record: say who asks, and why, and have a ground."


def _opened(record_id: bytes, patient: Address) -> OpenedRecord:
    try:
        reading = read_everything(reader(), patient, gateway().everything)
    except (HeaderInvalid, ReadingSessionMissing, NoGround) as problem:
        if isinstance(problem, NoGround):
            about_no_ground(patient)
        raise ResourceNotAlone(_WHY) from problem
    for one in reading.records:
        if one.header.record_id == record_id:
            return one
    raise ResourceNotAlone(_WHY)

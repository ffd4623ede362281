"""Changing a resource that shares its record with others: the record is read under the caller's ground first (F-13)."""

from __future__ import annotations

from consentry.domain.addresses import Address
from consentry.errors import (
    BundleNamesTwoPatients,
    HeaderInvalid,
    NoGround,
    ReadingSessionMissing,
    ResourceNotAlone,
)
from consentry.fhir.jsontext import Json
from consentry.gateway.auditing import about_no_ground
from consentry.gateway.fhir.asking import reader
from consentry.gateway.fhir.conditions import expected_versions
from consentry.gateway.fhir.subjects import system_of
from consentry.gateway.parts import gateway
from consentry.gateway.searchset import record
from consentry.ports.desk_values import Link
from consentry.services import revising
from consentry.services.everything import read_everything
from consentry.services.opening import OpenedRecord
from consentry.services.own_resources import OwnResource
from consentry.services.resources import Written, at_version
from consentry.services.revising import ReviseRecord


def shares(own: OwnResource) -> bool:
    """Whether its record holds others too."""
    return own.record is not None and not own.alone


def change(own: OwnResource, changed: dict[str, Json], link: Link, by: str) -> Written:
    """Publish its record with the resource changed, about the patient whom it now names.

    Raises BundleNamesTwoPatients, ResourceGone, VersionConflict, ResourceNotAlone for who may not read the record, and what
    `revise` does.
    """
    if own.patient != link.patient:
        raise BundleNamesTwoPatients("The resource was published about another patient.")
    parts = gateway()
    return revising.revise(_revision(own, by), changed, f"Patient/{link.ref}", parts.author, parts.publishing)


def leave_out(own: OwnResource, by: str) -> None:
    """Publish its record without the resource. Raises as `change`."""
    parts = gateway()
    revising.leave_out(_revision(own, by), parts.author, parts.publishing)


def _revision(own: OwnResource, by: str) -> ReviseRecord:
    expected = expected_versions()
    opened = _opened(at_version(own, expected).record_id, own.patient)
    department = opened.header.department
    return ReviseRecord(
        own.type, own.id, own.patient, record(opened), department, system_of(by), by, expected
    )


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

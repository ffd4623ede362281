"""Creating, correcting and withdrawing one resource by its id (specification F-5 to F-8).

A resource that is created by itself is a publication of its own. What is decided (does it exist, is it at this version) is
decided where publishing is exclusive, so that two writers never both find it so.
"""

from __future__ import annotations

from dataclasses import dataclass

from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.domain.retraction import Why
from consentry.errors import (
    BundleNamesTwoPatients,
    ConditionAmbiguous,
    ResourceGone,
    ResourceNotAlone,
    ResourceNotOwn,
    ResourceUnknown,
    VersionConflict,
)
from consentry.fhir.merge import reader_id
from consentry.fhir.validate import ValidBundle
from consentry.ports.versions import Version
from consentry.services.anchoring import anchor_unfinished
from consentry.services.own_resources import OwnResource, of_identifier, own_resource, with_floors
from consentry.services.publish import PublishBundle, Published, PublishedRecord, publish_exclusively
from consentry.services.publish_ports import Author, PublishPorts
from consentry.services.retraction import RetractRecord, retract_due, retract_exclusively
from consentry.services.summaries import refresh

Identifier = tuple[str | None, str]
"""(system, value); without a system, of whichever."""


@dataclass(frozen=True)
class CreateResource:
    """`bundle` holds this resource alone (`fhir.single`). `unless`: an identifier of a resource of this type about this
    patient that this hospital may have published already."""

    kind: str
    patient: Address
    bundle: ValidBundle
    system: str
    unless: Identifier | None = None


@dataclass(frozen=True)
class UpdateResource:
    """`bundle` holds the resource under the names that it was published by. `expected`: versions that it may be at, or None
    for any."""

    kind: str
    shown: str
    patient: Address
    bundle: ValidBundle
    system: str
    by: str
    expected: frozenset[str] | None = None


@dataclass(frozen=True)
class WithdrawResource:
    """`by`: who answers for it (D-20)."""

    kind: str
    shown: str
    by: str
    expected: frozenset[str] | None = None


@dataclass(frozen=True)
class Written:
    """`record` is the one that holds the resource now; `created` says that its id is new."""

    kind: str
    id: str
    record: PublishedRecord
    published: Published
    created: bool


@dataclass(frozen=True)
class Existing:
    """What meets the condition already; nothing was written."""

    kind: str
    id: str
    version: int


def create(command: CreateResource, author: Author, ports: PublishPorts) -> Written | Existing:
    """Publish a resource that is new. Raises ConditionAmbiguous, and what `publish` does."""
    with ports.publications.exclusive():
        if command.unless is not None:
            found = of_identifier(command.patient, command.kind, command.unless, author, ports)
            if len(found) > 1:
                raise ConditionAmbiguous()
            for one in found:
                return Existing(one.type, one.id, require_current(one).version)
        bundle = PublishBundle(command.patient, command.bundle, command.system)
        return _written(command.kind, publish_exclusively(bundle, author, ports), author, shown=None)


def update(command: UpdateResource, author: Author, ports: PublishPorts) -> Written:
    """Publish the next version of a resource of this author. One that moves to another category gets another id there, as no
    header may tell the readers of one category about another (D-15).

    Raises ResourceNotOwn, ResourceGone, VersionConflict, ResourceNotAlone, BundleNamesTwoPatients, and what `publish` does.
    """
    with ports.publications.exclusive():
        own = own_resource(command.kind, command.shown, author, ports)
        if own is None:
            raise ResourceNotOwn()
        record = _alone(own, command.expected)
        if own.patient != command.patient:
            raise BundleNamesTwoPatients("The resource was published about another patient.")
        bundle = PublishBundle(
            command.patient,
            with_floors(command.bundle, [own], author),
            command.system,
            replaces=(record.record_id,),
            known={own.identity: own.name},
            by=command.by,
        )
        return _written(command.kind, publish_exclusively(bundle, author, ports), author, shown=command.shown)


def withdraw(command: WithdrawResource, author: Author, ports: PublishPorts) -> None:
    """Retract a resource of this author, in all its versions; one that was withdrawn stays so.

    Raises ResourceUnknown, VersionConflict, ResourceNotAlone, ChainUnreachable, TransactionReverted.
    """
    with ports.publications.exclusive():
        own = own_resource(command.kind, command.shown, author, ports)
        if own is None:
            raise ResourceUnknown()
        if own.record is None:
            return
        record = _alone(own, command.expected)
        withdraw_record(own, record, command.by, author, ports)


def withdraw_record(own: OwnResource, record: Version, by: str, author: Author, ports: PublishPorts) -> None:
    """Retract the record that holds a resource, and take what it said out of the patient's emergency summary. Only while
    `Publications.exclusive`."""
    retract_exclusively(RetractRecord(record.record_id, by, Why.UNSTATED), author, ports)
    if refresh(own.patient, {}, author, ports):
        anchor_unfinished((), author, ports)
    retract_due(author, ports)


def require_current(own: OwnResource) -> Version:
    """Raises ResourceGone."""
    if own.record is None:
        raise ResourceGone()
    return own.record


def at_version(own: OwnResource, expected: frozenset[str] | None) -> Version:
    """The record that holds it now. Raises ResourceGone, VersionConflict."""
    record = require_current(own)
    if expected is not None and str(record.version) not in expected:
        raise VersionConflict()
    return record


def _alone(own: OwnResource, expected: frozenset[str] | None) -> Version:
    record = at_version(own, expected)
    if not own.alone:
        raise ResourceNotAlone()
    return record


def _written(kind: str, published: Published, author: Author, shown: str | None) -> Written:
    (record,) = published.records
    (held,) = record.draft.held
    name = reader_id(kind, author.address, fields.to_hex(record.first), held.local)
    return Written(kind, name, record, published, created=name != shown)

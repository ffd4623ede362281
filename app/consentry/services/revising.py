"""Changing one resource of a record that holds others too (specification F-13).

An author can't open what it published. Whoever changes a part must be one who may read the whole: the record is read under the
caller's ground, and leaves its receipts, before its next version is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.errors import ResourceNotAlone, ResourceUnknown, VersionConflict
from consentry.fhir import tables
from consentry.fhir.jsontext import Json
from consentry.fhir.merge import OpenedRecord
from consentry.fhir.revising import ANY_REF, names_in, require_in_place, revised
from consentry.fhir.single import bundle_of
from consentry.ports.versions import Version
from consentry.services.corrections import Source
from consentry.services.own_resources import OwnResource, own_resource
from consentry.services.publish import PublishBundle, Published, publish_exclusively
from consentry.services.publish_ports import Author, PublishPorts
from consentry.services.resources import Written, at_version, withdraw_record
from consentry.services.surroundings import surrounded


@dataclass(frozen=True)
class ReviseRecord:
    """`opened` is the record that holds the resource, of this `department`."""

    kind: str
    shown: str
    patient: Address
    opened: OpenedRecord
    department: str
    system: str
    by: str
    expected: frozenset[str] | None = None

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.shown}"


@dataclass(frozen=True)
class _Held:
    """The resource, the version of its record that is to be followed, and what else of the patient's that holds, by name."""

    own: OwnResource
    record: Version
    known: Mapping[str, OwnResource]


def revise(
    command: ReviseRecord, changed: dict[str, Json], patient_ref: str, author: Author, ports: PublishPorts
) -> Written:
    """Publish the next version of the record, with `changed`, which calls the patient `patient_ref`, in the resource's place.

    Raises ResourceUnknown, ResourceGone, VersionConflict, ResourceNotAlone, and what `publish` does.
    """
    with ports.publications.exclusive():
        held = _held(command, author, ports)
        source = Source(author.content_key, command.patient, command.system)
        alone = surrounded(bundle_of(changed, held.own.identity), source, author, ports)
        require_in_place(alone, command.opened)
        published = _next(command, held, changed, patient_ref, author, ports)
        return Written(command.kind, command.shown, published.records[0], published, created=False)


def leave_out(command: ReviseRecord, author: Author, ports: PublishPorts) -> None:
    """Publish the next version of the record without the resource; withdraw it where nothing of the patient's would be left.
    Raises as `revise`."""
    with ports.publications.exclusive():
        held = _held(command, author, ports)
        if len(held.known) == 1:
            withdraw_record(held.own, held.record, command.by, author, ports)
        else:
            _next(command, held, None, ANY_REF, author, ports)


def _held(command: ReviseRecord, author: Author, ports: PublishPorts) -> _Held:
    own = own_resource(command.kind, command.shown, author, ports)
    if own is None:
        raise ResourceUnknown()
    record = at_version(own, command.expected)
    if fields.to_hex(record.record_id) != command.opened.record_id:
        raise VersionConflict("Its record was published anew meanwhile.")
    known = _known(command.opened, author, ports)
    if command.name not in known:
        raise ResourceNotAlone()
    return _Held(own, record, known)


def _next(
    command: ReviseRecord,
    held: _Held,
    changed: dict[str, Json] | None,
    patient_ref: str,
    author: Author,
    ports: PublishPorts,
) -> Published:
    identities = {key: one.identity for key, one in held.known.items()}
    bundle, draft = revised(
        command.opened, command.name, changed, patient_ref, identities, command.department
    )
    publication = PublishBundle(
        command.patient,
        bundle,
        command.system,
        (held.record.record_id,),
        {one.identity: one.name for one in held.known.values()},
        command.by,
        (draft,),
    )
    return publish_exclusively(publication, author, ports)


def _known(opened: OpenedRecord, author: Author, ports: PublishPorts) -> Mapping[str, OwnResource]:
    """What the book has of the record's clinical resources. Raises ResourceNotAlone for one that an older release published:
    under another name than the sender's, its next correction would not find it."""
    found = {}
    for name in names_in(opened):
        kind, _, shown = name.partition("/")
        if tables.is_context(kind):
            continue
        own = own_resource(kind, shown, author, ports)
        if own is None or own.record is None:
            raise ResourceNotAlone()
        found[name] = own
    return found

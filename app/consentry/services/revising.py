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
from consentry.fhir.revising import names_in, require_in_place, revised
from consentry.fhir.single import bundle_of
from consentry.services.corrections import Source
from consentry.services.own_resources import OwnResource, own_resource
from consentry.services.publish import PublishBundle, publish_exclusively
from consentry.services.publish_ports import Author, PublishPorts
from consentry.services.resources import Written, at_version, withdraw_record
from consentry.services.surroundings import surrounded


@dataclass(frozen=True)
class ReviseRecord:
    """`opened` is the record that holds the resource, of this `department`; `changed` its new state, None to leave it out."""

    kind: str
    shown: str
    patient: Address
    patient_ref: str
    opened: OpenedRecord
    department: str
    changed: dict[str, Json] | None
    system: str
    by: str
    expected: frozenset[str] | None = None


def revise(command: ReviseRecord, author: Author, ports: PublishPorts) -> Written | None:
    """Publish the next version of the record; None where the resource was left out.

    Raises ResourceUnknown, ResourceGone, VersionConflict, ResourceNotAlone, and what `publish` does.
    """
    with ports.publications.exclusive():
        own = own_resource(command.kind, command.shown, author, ports)
        if own is None:
            raise ResourceUnknown()
        record = at_version(own, command.expected)
        if fields.to_hex(record.record_id) != command.opened.record_id:
            raise VersionConflict("Its record was published anew meanwhile.")
        name = f"{command.kind}/{command.shown}"
        known = _known(command.opened, author, ports)
        if name not in known:
            raise ResourceNotAlone()
        if command.changed is None and len(known) == 1:
            # nothing of the patient's would be left
            withdraw_record(own, record, command.by, author, ports)
            return None
        if command.changed is not None:
            alone = bundle_of(command.changed, own.identity)
            source = Source(author.content_key, command.patient, command.system)
            require_in_place(surrounded(alone, source, author, ports), command.opened)
        bundle, draft = revised(
            command.opened,
            name,
            command.changed,
            command.patient_ref,
            {key: one.identity for key, one in known.items()},
            command.department,
        )
        publication = PublishBundle(
            command.patient,
            bundle,
            command.system,
            (record.record_id,),
            {one.identity: one.name for one in known.values()},
            command.by,
            (draft,),
        )
        published = publish_exclusively(publication, author, ports)
        if command.changed is None:
            return None
        return Written(command.kind, command.shown, published.records[0], published, created=False)


def _known(opened: OpenedRecord, author: Author, ports: PublishPorts) -> Mapping[str, OwnResource]:
    """What the book has of the record's clinical resources. Raises ResourceNotAlone for one that an older release published:
    under another name than the sender's, its next correction would not find it."""
    found = {}
    for name in names_in(opened):
        kind, _, shown = name.partition("/")
        if tables.resource_types()[kind].role in ("supporting", "patient"):
            continue
        own = own_resource(kind, shown, author, ports)
        if own is None or own.record is None:
            raise ResourceNotAlone()
        found[name] = own
    return found

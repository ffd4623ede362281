"""Finding own resources again by the ids that readers see, to update and to withdraw them (specification F-6).

An author can't open what it published; of each resource it keeps, under keyed hashes, in which record it is, and sealed whose
it is and what its sender called it, so that a correction keeps its id.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from consentry.crypto.kept import open_kept, seal_kept
from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.domain.categories import SENSITIVE
from consentry.fhir import jsontext
from consentry.fhir.classify import Classification
from consentry.fhir.merge import reader_id
from consentry.fhir.validate import ValidBundle
from consentry.ports.own_resources import KeptResource
from consentry.ports.versions import Standing, Version, Versions
from consentry.services.corrections import Draft, Source
from consentry.services.publish_ports import Author, PublishPorts

_INFO = b"consentry/v1/resource"
_DEPTH = 2
MOST = 1_000
"""Resources of one identifier that are looked through: those that were withdrawn keep theirs."""


@dataclass(frozen=True)
class OwnResource:
    """`record` is the version that holds it now; None once it was withdrawn, moved or erased. `name` is what the book knows it
    by, `identity` its sender's word (`split.Held`); `patient` is whom it is about."""

    type: str
    id: str
    name: bytes
    identity: str
    patient: Address
    record: Version | None

    @property
    def alone(self) -> bool:
        """Whether its record holds nothing else."""
        return self.record is not None and self.record.names == {self.name}


@dataclass(frozen=True)
class Filed:
    """A draft that is published as this version; `first` is the record id of its document's first version."""

    draft: Draft
    version: Version
    first: bytes


def first_versions(versions: Iterable[Version], book: Versions) -> dict[bytes, bytes]:
    """By record id, the record id of the first version of its document, as far as the book goes back."""
    back = {one.record_id: one for one in versions}
    going = back
    while going:
        former = book.of_records(sorted({one.replaces for one in going.values() if one.replaces is not None}))
        going = {key: former[one.replaces] for key, one in going.items() if one.replaces in former}
        back = back | going
    return {key: one.replaces or one.record_id for key, one in back.items()}


def kept_resources(
    filed: Sequence[Filed], source: Source, author: Author, ports: PublishPorts
) -> tuple[KeptResource, ...]:
    """Where the resources of these records are, for the book to keep."""
    if ports.resources is None:
        return ()
    kept = []
    for one in filed:
        for held in one.draft.draft.held:
            shown = reader_id(held.type, author.address, fields.to_hex(one.first), held.local)
            key = _key(held.type, shown, author)
            named = jsontext.write([held.type, shown, held.identity, source.patient])
            identifiers = (
                identifier_key(source, held.type, system, value)
                for own, value in held.identifiers
                for system in (own, None)
            )
            name = one.draft.named[held.identity]
            sealed = seal_kept(author.content_key, _INFO, key, named)
            kept.append(KeptResource(key, one.version.record_id, name, sealed, frozenset(identifiers)))
    return tuple(kept)


def own_resource(kind: str, shown: str, author: Author, ports: PublishPorts) -> OwnResource | None:
    """The resource that readers see as `kind/shown`, if this author published it."""
    if ports.resources is None:
        return None
    kept = ports.resources.of_key(_key(kind, shown, author))
    return None if kept is None else _opened(kept, author, ports)


def of_identifier(
    patient: Address, kind: str, identifier: tuple[str | None, str], author: Author, ports: PublishPorts
) -> tuple[OwnResource, ...]:
    """The author's current resources of this type about this patient that have this identifier (system, value); without a
    system, of whichever."""
    if ports.resources is None:
        return ()
    key = identifier_key(Source(author.content_key, patient, ""), kind, *identifier)
    kept = ports.resources.of_identifier(key, MOST)
    records = ports.publications.versions.of_records([one.record_id for one in kept])
    ended = {
        name for name, one in records.items() if one.standing in (Standing.RETRACTING, Standing.RETRACTED)
    }
    found = (_opened(one, author, ports) for one in kept if one.record_id not in ended)
    return tuple(one for one in found if one.record is not None)


def with_floors(bundle: ValidBundle, owns: Iterable[OwnResource], author: Author) -> ValidBundle:
    """The bundle, with what its updated resources are at least: nothing leaves a sensitive category because an update says less
    of why it is there (the encounter, say, which readers do not see)."""
    found = {}
    for one in owns:
        if one.record is not None:
            category, grade = Source(author.content_key, one.patient, "").places()[one.record.place]
            if category in SENSITIVE:
                found[one.identity] = Classification(category, grade, labelled=True)
    return replace(bundle, floors=found) if found else bundle


def identifier_key(source: Source, kind: str, system: str | None, value: str) -> bytes:
    return source.keyed("identifier", jsontext.write([kind, system, value]).decode())


def _key(kind: str, shown: str, author: Author) -> bytes:
    return hmac.digest(author.content_key, f"resource|{kind}/{shown}".encode(), "sha256")


def _opened(kept: KeptResource, author: Author, ports: PublishPorts) -> OwnResource:
    named = jsontext.read(open_kept(author.content_key, _INFO, kept.key, kept.sealed), max_depth=_DEPTH)
    kind, shown, identity, patient = named
    record = _now(kept.record_id, ports.publications.versions)
    held = record is not None and kept.name in record.names
    return OwnResource(kind, shown, kept.name, identity, Address(patient), record if held else None)


def _now(record_id: bytes, book: Versions) -> Version | None:
    """The current version of a record's document; versions rise, so that this ends."""
    record = book.of_records([record_id]).get(record_id)
    while record is not None and record.standing is Standing.REPLACED and record.replaced_by is not None:
        record = book.of_records([record.replaced_by]).get(record.replaced_by)
    return record if record is not None and record.standing is Standing.CURRENT else None

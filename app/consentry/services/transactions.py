"""Transactions as FHIR defines them (specification F-10; R4 http.html#transaction): one publication, all or nothing, in which
some entries may name what this author published before, by id or by identifier."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from consentry.domain.addresses import Address
from consentry.errors import (
    BundleNamesTwoPatients,
    ConditionAmbiguous,
    ConsentryError,
    ResourceGone,
    ResourceNotAlone,
    VersionConflict,
)
from consentry.fhir.jsontext import Json
from consentry.fhir.single import as_sent
from consentry.fhir.tables import is_context
from consentry.fhir.validate import ValidBundle, check_bundle
from consentry.ports.versions import Version
from consentry.services.own_resources import OwnResource, of_identifier, own_resource, with_floors
from consentry.services.publish import PublishBundle, Published, publish_exclusively
from consentry.services.publish_ports import Author, PublishPorts
from consentry.services.resources import Identifier


@dataclass(frozen=True)
class Entry:
    """What an entry asks for besides being published: to be the next version of what readers see as `shown`, or of what has
    this `identifier`; `unless`: only if there is none. `expected` are the versions it may be at, or None for any."""

    index: int
    kind: str
    shown: str | None = None
    identifier: Identifier | None = None
    unless: bool = False
    expected: frozenset[str] | None = None


@dataclass(frozen=True)
class Transaction:
    """`tree` is the Bundle as it was sent, `bundle` the same checked; `entries` those that ask for more than to be
    published. `by`: the account or the system that answers for what this retracts (D-20). What an entry comes to is known only
    where publishing is exclusive: there `may_create` is told of the type of each that was to update and creates, and `may_change`
    asked for its `by` if any updates; they raise what refuses the sender."""

    patient: Address
    tree: dict[str, Json]
    bundle: ValidBundle
    system: str
    by: str
    may_create: Callable[[str], None]
    may_change: Callable[[], str]
    entries: tuple[Entry, ...] = ()
    replaces: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Transacted:
    """`published` is None where everything was there already. `existing`: by index, what meets the entry's condition.
    `identities`: by index, what the others are called in their records."""

    published: Published | None
    existing: Mapping[int, OwnResource] = field(default_factory=dict)
    identities: Mapping[int, str] = field(default_factory=dict)


def transact(command: Transaction, author: Author, ports: PublishPorts) -> Transacted:
    """Publish a transaction.

    Raises ResourceGone, VersionConflict, ResourceNotAlone, ConditionAmbiguous, BundleNamesTwoPatients, with the entry's path,
    what refuses the sender, and what `publish` does; nothing is published then.
    """
    with ports.publications.exclusive():
        found = {one.index: own for one in command.entries if (own := _own(one, command, author, ports))}
        skipped = {one.index for one in command.entries if one.unless and one.index in found}
        updated = {index: own for index, own in found.items() if index not in skipped}
        for one in command.entries:
            if not one.unless and one.index not in found:
                command.may_create(one.kind)
        by = command.may_change() if updated else command.by
        records = _records(updated, command)
        existing = {index: found[index] for index in sorted(skipped)}
        rows = command.tree["entry"]
        left = [index for index in range(len(rows)) if index not in skipped]
        if skipped and all(is_context(rows[index]["resource"]["resourceType"]) for index in left):
            return Transacted(None, existing)
        bundle = command.bundle
        if found:
            # checked again, as what is left, by the names that the book knows
            names = {at: found[index].identity for at, index in enumerate(left) if index in updated}
            entries = [_as_sent(rows[index]) if index in updated else rows[index] for index in left]
            bundle = check_bundle({**command.tree, "entry": entries}, identities=names)
            bundle = with_floors(bundle, updated.values(), author)
        published = publish_exclusively(
            PublishBundle(
                command.patient,
                bundle,
                command.system,
                tuple(dict.fromkeys((*command.replaces, *records))),
                {one.identity: one.name for one in updated.values()},
                by,
            ),
            author,
            ports,
        )
        return Transacted(published, existing, {left[one.index]: one.identity for one in bundle.entries})


def _as_sent(row: dict[str, Json]) -> dict[str, Json]:
    """With its id, by which other entries refer to it."""
    resource = row["resource"]
    own = {"id": resource["id"]} if "id" in resource else {}
    return {**row, "resource": as_sent(resource) | own}


def _own(one: Entry, command: Transaction, author: Author, ports: PublishPorts) -> OwnResource | None:
    """What the entry names, if this author published it. What it names by an id that the author never gave is the sender's own
    name for it."""
    if one.shown is not None:
        return own_resource(one.kind, one.shown, author, ports)
    if one.identifier is None:
        return None
    found = of_identifier(command.patient, one.kind, one.identifier, author, ports)
    if len(found) > 1:
        raise _at(ConditionAmbiguous(), [one.index])
    return found[0] if found else None


def _records(updated: Mapping[int, OwnResource], command: Transaction) -> list[bytes]:
    """The records that the updated resources are in now. One that would stay, as it holds others too, is no place to update:
    its readers would see the former state beside the new one."""
    expected = {one.index: one.expected for one in command.entries}
    current: dict[bytes, Version] = {}
    names: set[bytes] = set()
    for index, own in updated.items():
        if own.record is None:
            raise _at(ResourceGone(), [index])
        versions = expected[index]
        if versions is not None and str(own.record.version) not in versions:
            raise _at(VersionConflict(), [index])
        if own.patient != command.patient:
            raise _at(BundleNamesTwoPatients("It was published about another patient."), [index])
        current[own.record.record_id] = own.record
        names.add(own.name)
    for record in current.values():
        if not record.names <= names:
            parts = [at for at, own in updated.items() if own.record == record]
            raise _at(ResourceNotAlone(), parts)
    return list(current)


def _at(problem: ConsentryError, indices: Iterable[int]) -> ConsentryError:
    problem.expression = tuple(f"Bundle.entry[{index}]" for index in indices)
    return problem

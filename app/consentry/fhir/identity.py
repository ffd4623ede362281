"""Which entry of a bundle a reference means (R4 bundle.html §resolving references in bundles)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property

from consentry.errors import NotFhir
from consentry.fhir import jsontext, tree
from consentry.fhir.jsontext import Json

# Stands for the patient in every published record: no number of any hospital leaves it. The reading gateway
# puts its own reference to the person in its place.
PATIENT_URN = "urn:consentry:patient"

_KEPT = "urn:consentry:kept:"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HISTORY = re.compile(r"/_history/[^/]+$")
_TYPED = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)(?:/[A-Za-z0-9\-.]{1,64}|\?.*)$")


@dataclass(frozen=True)
class Entry:
    """One resource of a bundle. `identity` is its name inside this bundle; `aliases` are what references may
    say."""

    index: int
    type: str
    resource: dict[str, Json]
    identity: str
    aliases: frozenset[str]
    full_url: str | None = None
    walked: tree.Objects | None = field(default=None, repr=False, compare=False)

    @property
    def path(self) -> str:
        return f"Bundle.entry[{self.index}].resource"

    @cached_property
    def references(self) -> tree.Objects:
        """`tree.references` of the resource: every part of publishing asks for them."""
        return [found for found in self.objects if tree.is_reference(found[1])]

    @property
    def objects(self) -> tree.Objects:
        """`tree.objects` of the resource, if need be by walking it again."""
        return self.walked or tree.objects(self.resource)

    @property
    def urls(self) -> Iterator[str]:
        """Every string in an element called `url`: attachments point to Binary resources that way."""
        return (node["url"] for _, node in self.objects if isinstance(node.get("url"), str))


class Kind(Enum):
    ENTRY = auto()
    CONTAINED = auto()
    OUTSIDE = auto()
    LOGICAL = auto()


@dataclass(frozen=True)
class Target:
    """What a Reference means: an entry (by identity), a contained resource, something outside, or only an
    identifier; then `name` is empty, which no entry's identity is."""

    kind: Kind
    name: str
    type: str | None


@dataclass(frozen=True)
class Resolver:
    by_alias: dict[str, Entry]
    by_identifier: dict[tuple[str, str], Entry]

    def link(self, url: str) -> Entry | None:
        return self.by_alias.get(HISTORY.sub("", url))

    def target(self, reference: dict[str, Json]) -> Target:
        declared = reference.get("type")
        literal = reference.get("reference")
        if isinstance(literal, str):
            if literal.startswith("#"):
                return Target(Kind.CONTAINED, literal[1:], declared)
            if "/_history/" in literal:
                literal = HISTORY.sub("", literal)
            entry = self.by_alias.get(literal)
            if entry is not None:
                return Target(Kind.ENTRY, entry.identity, entry.type)
            typed = _TYPED.search(literal)
            return Target(Kind.OUTSIDE, literal, typed[1] if typed else declared)
        key = identifier_key(reference["identifier"])
        entry = self.by_identifier.get(key)
        if entry is not None:
            return Target(Kind.ENTRY, entry.identity, entry.type)
        return Target(Kind.LOGICAL, "", declared)


def entry_of(
    index: int,
    full_url: str | None,
    resource: dict[str, Json],
    seen: dict[str, int],
    walked: tree.Objects | None = None,
) -> Entry:
    """Name one entry. `walked`: its objects, where they were looked at before. `seen` counts byte-identical resources that
    have neither fullUrl nor id, to tell them apart."""
    kind = resource["resourceType"]
    own = f"{kind}/{resource['id']}" if "id" in resource else None
    aliases = {alias for alias in (full_url, own) if alias}
    if full_url and (typed := re.search(r"([A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64})$", full_url)):
        aliases.add(typed[1])
    identity = full_url or own
    if identity is None:
        digest = hashlib.sha256(jsontext.write(resource)).hexdigest()
        seen[digest] = seen.get(digest, -1) + 1
        identity = f"content:{digest}:{seen[digest]}"
    return Entry(index, kind, resource, identity, frozenset(aliases), full_url, walked)


def resolver_of(entries: Iterable[Entry]) -> Resolver:
    """Index the entries. Raises NotFhir when two of them claim the same name (R4 bdl-7)."""
    by_alias: dict[str, Entry] = {}
    by_identifier: dict[tuple[str, str], Entry | None] = {}
    for entry in entries:
        for alias in entry.aliases:
            if alias in by_alias:
                raise NotFhir(
                    "Two entries have the same fullUrl or id.", expression=(by_alias[alias].path, entry.path)
                )
            by_alias[alias] = entry
        for identifier in identifiers(entry.resource):
            # one that several resources share (an accession number) points to none of them
            by_identifier[identifier] = None if identifier in by_identifier else entry
    return Resolver(by_alias, {key: entry for key, entry in by_identifier.items() if entry is not None})


def identifiers(resource: dict[str, Json]) -> tuple[tuple[str, str], ...]:
    """(system, value) of every identifier of a resource that has a value."""
    return tuple(
        identifier_key(found)
        for found in tree.at(resource, "identifier")
        if isinstance(found, dict) and "value" in found
    )


def identifier_key(identifier: dict[str, Json]) -> tuple[str, str]:
    return str(identifier.get("system", "")), str(identifier.get("value", ""))


def kept_identity(local: str) -> str:
    """Names a resource by what it is called inside its record: for one whose sender's name is not known any more."""
    return _KEPT + local


def local_id(identity: str) -> str:
    """The resource id inside a record: a UUID that tells nothing about numbering at the source."""
    kept = identity.removeprefix(_KEPT)
    if kept != identity and _UUID.fullmatch(kept):
        return kept
    return _uuid(hashlib.sha256(b"consentry/resource\x00" + identity.encode()))


def scoped_id(author: str, local: str) -> str:
    """The resource id towards readers: two authors' resources never meet under one id."""
    return _uuid(hashlib.sha256(b"consentry/reader\x00" + author.encode() + b"\x00" + local.encode()))


def _uuid(digest: hashlib._Hash) -> str:
    """The first 16 bytes as `uuid.UUID(bytes=…, version=5)` writes them, which every reference and id asks for."""
    text = digest.hexdigest()
    variant = "89ab"[int(text[16], 16) & 3]
    return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"

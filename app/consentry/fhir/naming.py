"""What a hospital calls its documents and resources, so that a correction is known as one (specification D-13).

Only names that R4 promises never to change count: `Bundle.identifier`, `Composition.identifier` (bundle.html, composition.html:
"version-independent"), `fullUrl` and `Resource.id`. Business identifiers of resources do not: laboratories give several
results one accession number, and hiding a result is worse than showing an old one beside it.
"""

from __future__ import annotations

from consentry.fhir import jsontext
from consentry.fhir.identity import HISTORY, Entry, identifier_key
from consentry.fhir.jsontext import Json

LOCAL = "local "
"""What begins with this is unique only within the system that sent it."""


def document_name(bundle: dict[str, Json]) -> str | None:
    """The name of the document that a Bundle is a version of, or None if the sender gives none.

    A Bundle of type document gets a new `Bundle.identifier` with each version, and keeps its Composition's.
    """
    rows = bundle.get("entry", [])
    first = rows[0].get("resource", {}) if bundle.get("type") == "document" and rows else {}
    composed = first.get("identifier") if first.get("resourceType") == "Composition" else None
    identifier = composed or bundle.get("identifier")
    if not isinstance(identifier, dict) or not identifier.get("value"):
        return None
    system, value = identifier_key(identifier)
    name = jsontext.write([system, value]).decode()
    return name if system else LOCAL + name


def resource_name(entry: Entry, occasion: str) -> str:
    """What names a resource in this and later Bundles.

    An id alone is taken for the same resource on the same occasion only: converters that number from 1 in each message
    would hide one visit's results by the next one's. Without any name only equal content is the same.
    """
    if entry.full_url is not None and entry.full_url.startswith(("http://", "https://")):
        return HISTORY.sub("", entry.full_url)
    own = entry.resource.get("id")
    if own is not None:
        return f"{LOCAL}{occasion} {entry.type}/{own}"
    return entry.identity

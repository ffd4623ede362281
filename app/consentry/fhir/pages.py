"""Bundles written from resources that are text already: nothing is parsed again for a page (R4 bundle.html)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consentry.fhir import jsontext


@dataclass(frozen=True)
class Entry:
    """`text` is a resource as `jsontext.write` wrote it; with an empty mode it is the whole entry. `url` may be empty."""

    text: bytes
    mode: str = ""
    url: str = ""


def page(bundle: str, entries: Iterable[Entry], total: int | None, links: Mapping[str, str]) -> bytes:
    """A Bundle of type `bundle`, canonical as `jsontext.write` would write it. `links` are addresses by relation."""
    written = b",".join(map(_entry, entries))
    named = [{"relation": relation, "url": url} for relation, url in links.items()]
    parts = [
        b'"entry":[' + written + b"]" if written else b"",
        b'"link":' + jsontext.write(named) if named else b"",
        b'"resourceType":"Bundle"',
        b"" if total is None else b'"total":%d' % total,
        b'"type":' + jsontext.write(bundle),
    ]
    return b"{" + b",".join(part for part in parts if part) + b"}"


def _entry(one: Entry) -> bytes:
    if not one.mode:
        return one.text
    url = b'"fullUrl":' + jsontext.write(one.url) + b"," if one.url else b""
    return b"{" + url + b'"resource":' + one.text + b',"search":{"mode":' + jsontext.write(one.mode) + b"}}"

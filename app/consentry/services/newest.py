"""Which version of each document is the newest, from the headers a reader found (specification D-5, D-14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consentry.domain.addresses import Address
from consentry.errors import RecordAmbiguous
from consentry.services.discover import Found

_Key = tuple[Address, bytes]


@dataclass(frozen=True)
class Placed:
    """A record with its place among the versions of its document. `document` is the record id of the first of them, as far
    as they were found, and so the same for all; `replaced`: a later one was found."""

    found: Found
    document: bytes
    replaced: bool


def line_up(found: Iterable[Found]) -> tuple[list[Placed], list[tuple[Found, ...]]]:
    """Every record once, in order of date, author, version, id; and what was left out: a record is known by its author and id,
    and of two headers under one such name neither counts. Only a higher version of the same author replaces one (D-5)."""
    headers: dict[_Key, dict[bytes, Found]] = {}
    for one in found:
        header = one.entry.header
        headers.setdefault((header.author, header.record_id), {})[header.hash()] = one
    clashes = [tuple(these.values()) for these in headers.values() if len(these) > 1]
    single = {key: next(iter(these.values())) for key, these in headers.items() if len(these) == 1}
    latest: dict[tuple[Address, bytes | None], int] = {}
    for (author, _), one in single.items():
        key, version = (author, one.entry.header.replaces), one.entry.header.version
        latest[key] = max(version, latest.get(key, 0))
    placed = [
        Placed(one, _first(key, single), one.entry.header.version < latest.get(key, 0))
        for key, one in single.items()
    ]
    placed.sort(key=_order)
    return placed, clashes


def ambiguous(author: str) -> str:
    """What is said of two different headers of one author under one record id."""
    return f"{RecordAmbiguous.code}: {author} filed different records under one record id"


def _first(key: _Key, single: Mapping[_Key, Found]) -> bytes:
    """Back along `replaces`; versions fall, so that this ends whatever an author wrote."""
    author, record_id = key
    header = single[key].entry.header
    while header.replaces is not None:
        record_id = header.replaces
        former = single.get((author, record_id))
        if former is None or former.entry.header.version >= header.version:
            break
        header = former.entry.header
    return record_id


def _order(one: Placed) -> tuple[str, str, int, bytes]:
    header = one.found.entry.header
    return header.date, header.author, header.version, header.record_id

"""Answers in pages: the first from a reading, the others and reads by id from what the session was shown (F-18, F-19)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

from flask import Response

from consentry.domain.addresses import Address
from consentry.errors import NotFhir, NotSignedIn, PageGone
from consentry.fhir import jsontext, pages
from consentry.fhir.merge import OpenedRecord
from consentry.fhir.pages import Entry
from consentry.fhir.search_answer import OUTCOME, Answer
from consentry.gateway import auth
from consentry.gateway.auditing import about_shown
from consentry.gateway.parts import gateway
from consentry.gateway.problems import FHIR_JSON
from consentry.gateway.searchset import mergeable, outcome, record
from consentry.services.anchor_times import dated
from consentry.services.reading import Reading
from consentry.services.reading_session import Reader
from consentry.services.shown import Fresh, Line, Owner, Result, ShownSet, Text

T = TypeVar("T")
PAGE = "_page"


@dataclass(frozen=True)
class Asked:
    """Whose reading it is, how the patient is called in addresses, and the address that was asked."""

    reader: Reader
    patient: Address
    ref: str
    address: str


def base() -> str:
    return f"{gateway().site.origin}/fhir"


def token() -> bytes:
    """What the caller's set is sealed by. Raises NotSignedIn."""
    value = auth.token()
    if value is None:
        raise NotSignedIn()
    return value.encode("utf-8", "surrogateescape")


def holder() -> bytes:
    """What the caller's sign-in or token is known by."""
    return sha256(token()).digest()


def owner(reader: Reader) -> Owner:
    return Owner(
        reader.certificate.kind,
        holder(),
        reader.certificate.signature,
        reader.actor,
        reader.practitioner,
        reader.purpose,
    )


def merged(
    reading: Reading, ref: str, make: Callable[[Sequence[OpenedRecord]], T]
) -> tuple[T, list[dict[str, Any]]]:
    """What is made of the reading's records, and the issues that are said of it."""
    parts = gateway()
    opened = dated(reading.records, parts.ledger, parts.shown.anchored)
    records, words = [record(one) for one in opened], list(reading.incomplete)
    try:
        made = make(records)
    except NotFhir:
        records, words = mergeable(records, words, f"Patient/{ref}", base())
        made = make(records)
    return made, outcome(words, reading.lying)["issue"]


def kept(
    asked: Asked, reading: Reading, kind: str, answer: Answer, *, letter: str = "s", total: bool = True
) -> ShownSet:
    """Keep an answer for its session. Raises SearchTooLarge."""
    result = Result(kind, letter, asked.address, answer.total if total else None, _lines(answer))
    fresh = Fresh(
        asked.patient,
        asked.ref,
        reading.grounds,
        reading.department,
        _texts(answer),
        result,
        () if asked.reader.witness is None else tuple(asked.reader.witness.requests),
    )
    return gateway().shown.shown.keep(owner(asked.reader), token(), fresh)


def page(shown: ShownSet, number: int, issues: Iterable[dict[str, Any]] = ()) -> Response:
    """One page, from 0. Raises PageGone past the last."""
    about_shown(shown)
    result = shown.result
    if number >= max(len(result.pages), 1):
        raise PageGone()
    lines = result.pages[number] if result.pages else ()
    texts = shown.opened(token(), (line.place for line in lines))
    entries = [
        Entry(text.content, line.mode, f"{base()}/{text.name}" if line.mode else "")
        for line, text in zip(lines, texts, strict=True)
    ]
    said = list(issues)
    if said:
        told = {"resourceType": "OperationOutcome", "issue": said}
        entries.append(Entry(jsontext.write(told), OUTCOME))
    written = pages.page("searchset", entries, result.total, _links(shown, number))
    return Response(written, content_type=FHIR_JSON)


def _links(shown: ShownSet, number: int) -> dict[str, str]:
    def address(at: int) -> str:
        return f"{base()}?{PAGE}={shown.cursor}.{at}"

    links = {"self": shown.result.address if number == 0 else address(number)}
    last = len(shown.result.pages) - 1
    if last > 0:
        links["first"] = address(0)
    if number > 0:
        links["previous"] = address(number - 1)
    if number < last:
        links["next"] = address(number + 1)
    return links


def _texts(answer: Answer) -> list[Text]:
    return [
        Text(
            one.name if one.whole else f"{one.name}#part",
            str(one.resource.get("meta", {}).get("versionId", "")),
            None if one.record is None else (Address(one.record.author), _id(one.record)),
            jsontext.write(one.resource),
        )
        for one in answer.items
    ]


def _id(opened: OpenedRecord) -> bytes:
    return bytes.fromhex(opened.record_id.removeprefix("0x"))


def _lines(answer: Answer) -> tuple[tuple[Line, ...], ...]:
    return tuple(tuple(Line(place, mode) for place, mode in lines) for lines in answer.pages)

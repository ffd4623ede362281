"""Answers in pages: the first from a reading, the others and reads by id from what the session was shown (F-18, F-19)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

from flask import Response

from consentry.domain.addresses import Address
from consentry.errors import NotFhir, NotSignedIn, PageGone, SearchTooLarge
from consentry.fhir import jsontext, pages
from consentry.fhir.merge import AUTHOR_TAG, OpenedRecord
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
    return _keep(asked, reading, _texts(answer), result)


def _keep(asked: Asked, reading: Reading, texts: Sequence[Text], result: Result) -> ShownSet:
    fresh = Fresh(
        asked.patient,
        asked.ref,
        reading.grounds,
        reading.department,
        texts,
        result,
        () if asked.reader.witness is None else tuple(asked.reader.witness.requests),
    )
    return gateway().shown.shown.keep(owner(asked.reader), token(), fresh)


def whole(asked: Asked, reading: Reading, bundle: dict[str, Any]) -> Response:
    """A searchset in one Bundle; what it shows is kept for reads by id, unless it is too much for one session."""
    texts, entries = [], []
    for row in bundle.get("entry", ()):
        resource, mode = row["resource"], row["search"]["mode"]
        entries.append(Entry(jsontext.write(resource), mode, row.get("fullUrl", "")))
        if mode != OUTCOME:
            texts.append(_text_of(resource, entries[-1].text))
    result = Result("Patient", "r", asked.address, bundle["total"], ())
    with suppress(SearchTooLarge):
        _keep(asked, reading, texts, result)
    written = pages.page("searchset", entries, bundle["total"], {"self": asked.address})
    return Response(written, content_type=FHIR_JSON)


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


def _text_of(resource: dict[str, Any], written: bytes) -> Text:
    """A resource with the record that its `meta` names (`merge.labels`); the Patient is of none."""
    meta, record = resource.get("meta", {}), None
    authors = [tag["code"] for tag in meta.get("tag", ()) if tag.get("system") == AUTHOR_TAG]
    if authors and resource["resourceType"] != "Patient":
        record = (Address(authors[0]), _bytes(meta["source"].rpartition(":")[2]))
    name = f"{resource['resourceType']}/{resource['id']}"
    return Text(name, str(meta.get("versionId", "")), record, written)


def _texts(answer: Answer) -> list[Text]:
    return [
        Text(
            one.name if one.whole else f"{one.name}#part",
            str(one.resource.get("meta", {}).get("versionId", "")),
            None if one.record is None else (Address(one.record.author), _bytes(one.record.record_id)),
            jsontext.write(one.resource),
        )
        for one in answer.items
    ]


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _lines(answer: Answer) -> tuple[tuple[Line, ...], ...]:
    return tuple(tuple(Line(place, mode) for place, mode in lines) for lines in answer.pages)

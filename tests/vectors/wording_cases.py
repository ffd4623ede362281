"""Vectors of consents in words: many terms, and what a patient reads of them in either language (specification W-12)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from consentry.domain import fields, times
from consentry.domain.categories import Category, Confidentiality
from consentry.domain.purposes import Purpose
from consentry.domain.roles import Role
from consentry.domain.terms import MAX_PROVISIONS, Consent, Provision, Terms, in_words
from tests.vectors import samples
from tests.vectors.mutations import changed
from tests.vectors.samples import anything, consent, filler, provision

# what templates, formats and replacements of text might trip over
NAMES = (
    "any hospital",
    "{name} {0} %s %(name)s",
    "$& $1 $$ ${name} \\1",
    '<b>Clinic</b> & "Sons"',
    "مستشفى المدينة",
    "בית חולים",
    "市立第一医院（东院）",
    "Clinique Santé, St. Mary’s",
    "constructor",
    "👩🏽 Klinik",
)
PERIODS = (
    ("any", "any"),
    ("1800-01-01T00:00:00Z", "any"),
    ("any", "9999-12-31T23:59:59Z"),
    ("2024-02-29T23:59:59Z", "2024-03-01T00:00:00Z"),
)


def wording() -> dict[str, Any]:
    return {
        "about": (
            "W-12. `message` is the JSON form of a consent, `words` what a patient reads, in gateways and on the page. "
            "`refused` has codes that nobody has words for."
        ),
        "valid": [{"message": one.to_json(), "words": _words(one)} for one in _consents()],
        "refused": _unknown(),
    }


def _words(one: Consent) -> dict[str, list[str]]:
    return {language: in_words(one, language) for language in ("en", "zh")}


def _consents() -> list[Consent]:
    records = tuple(fields.to_hex(filler(f"record {number}")) for number in range(3))
    first = consent()
    return [
        *(_of(provision(confidentiality=grade)) for grade in (*map(str, Confidentiality), "any")),
        *(_of(provision(data_from=start, data_until=end)) for start, end in PERIODS),
        *(_of(provision(authors=(name,)), recipient_name=name) for name in NAMES),
        *(_of(provision(), max_uses=uses) for uses in (0, 1, 2, 1_000_000, 2**32 - 1)),
        *(_of(replace(anything(), **{field: getattr(provision(), field)})) for field in _LISTS),
        _of(anything(), roles=("any",)),
        _of(provision(authors=NAMES, records=records), roles=tuple(map(str, Role))),
        _of(provision(purposes=tuple(map(str, Purpose)), categories=tuple(map(str, Category)))),
        _of(provision(records=records[:1]), anything(), provision(confidentiality="V", data_until="any")),
        _of(*[provision()] * MAX_PROVISIONS),
        replace(first, valid_from=0, valid_until=times.LATEST, relay_before=0),
        replace(first, relay_before=first.valid_until),
    ]


_LISTS = ("purposes", "categories", "authors")


def _of(*provisions: Provision, **changes: object) -> Consent:
    own: Terms = samples.terms(*provisions, **changes)
    return consent(own)


def _unknown() -> list[dict[str, Any]]:
    first = consent().to_json()
    terms: tuple[str, ...] = ("terms",)
    one: tuple[str | int, ...] = ("terms", "provisions", 0)
    wrong: list[tuple[str, tuple[str | int, ...], Any]] = [
        ("unknown role", (*terms, "roles"), ["attending", "wizard"]),
        ("unknown purpose", (*one, "purposes"), ["TREAT", "MARKETING"]),
        ("unknown category", (*one, "categories"), ["astrology"]),
        ("unknown confidentiality", (*one, "confidentiality"), "U"),
        ("a purpose that every object has", (*one, "purposes"), ["constructor"]),
        ("a confidentiality that every object has", (*one, "confidentiality"), "toString"),
        ("any beside a role", (*terms, "roles"), ["any", "nurse"]),
    ]
    return [{"why": why, "message": changed(first, path, value)} for why, path, value in wrong]

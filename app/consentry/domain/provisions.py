"""One permission of a consent: its fields, its checks and what it covers (design §6, C-10, C-11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from consentry.domain import eip712, fields, times
from consentry.domain.categories import Category, Confidentiality
from consentry.domain.confidentiality import covers as grade_covers
from consentry.domain.headers import Header
from consentry.domain.purposes import Purpose
from consentry.errors import TermsInvalid

ANY = "any"
MAX_LIST = 100

PROVISION_TYPE = eip712.struct(
    purposes="string[]",
    categories="string[]",
    confidentiality="string",
    dataFrom="string",
    dataUntil="string",
    authors="string[]",
    records="string[]",
)


@dataclass(frozen=True)
class Provision:
    """One permission. Lists hold codes, names or ids, or "any" alone; the period's end is exclusive."""

    purposes: tuple[str, ...]
    categories: tuple[str, ...]
    confidentiality: str
    data_from: str
    data_until: str
    authors: tuple[str, ...]
    records: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "purposes": list(self.purposes),
            "categories": list(self.categories),
            "confidentiality": self.confidentiality,
            "dataFrom": self.data_from,
            "dataUntil": self.data_until,
            "authors": list(self.authors),
            "records": list(self.records),
        }

    @classmethod
    def from_json(cls, obj: Any, where: str = "provision") -> Provision:
        """Read the message form.

        Raises LayoutInvalid for its shape; its values are checked with the terms.
        """
        got = fields.exact(obj, [member["name"] for member in PROVISION_TYPE], where)
        return cls(
            purposes=texts(got["purposes"], f"{where}.purposes"),
            categories=texts(got["categories"], f"{where}.categories"),
            confidentiality=got["confidentiality"],
            data_from=got["dataFrom"],
            data_until=got["dataUntil"],
            authors=texts(got["authors"], f"{where}.authors"),
            records=texts(got["records"], f"{where}.records"),
        )


def covers(provision: Provision, purpose: str, header: Header, author_name: str) -> bool:
    """Whether the provision covers the record, by the contract's rule (C-10); `author_name` as registered.

    Consents are decided by the contract, never by this; scopes, which no contract judges alone, by this (K-16).
    """
    most = provision.confidentiality
    return (
        names(provision.purposes, purpose)
        and names(provision.categories, header.category)
        and names(provision.authors, author_name)
        and names(provision.records, fields.to_hex(header.record_id))
        and (most == ANY or grade_covers(Confidentiality(most), header.confidentiality))
        and (provision.data_from == ANY or provision.data_from <= header.date)
        and (provision.data_until == ANY or header.date < provision.data_until)
    )


def exceeding(inner: Provision, outer: Provision) -> str | None:
    """The first field of `inner` that allows more than the same field of `outer`; None if `outer` covers all of `inner`."""
    for field in ("purposes", "categories", "authors", "records"):
        asked, most = getattr(inner, field), getattr(outer, field)
        if most != (ANY,) and (asked == (ANY,) or not set(asked) <= set(most)):
            return field
    if outer.confidentiality != ANY and (
        inner.confidentiality == ANY
        or not grade_covers(Confidentiality(outer.confidentiality), Confidentiality(inner.confidentiality))
    ):
        return "confidentiality"
    if outer.data_from != ANY and (inner.data_from == ANY or inner.data_from < outer.data_from):
        return "dataFrom"
    if outer.data_until != ANY and (inner.data_until == ANY or inner.data_until > outer.data_until):
        return "dataUntil"
    return None


def names(words: tuple[str, ...], value: str) -> bool:
    """Whether a list names a word, or everything."""
    return words == (ANY,) or value in words


def validate(provision: Provision, where: str) -> None:
    """Raise TermsInvalid naming the field unless C-11 holds."""
    check_list(provision.purposes, f"{where}.purposes", known(Purpose))
    check_list(provision.categories, f"{where}.categories", known(Category))
    check_list(provision.authors, f"{where}.authors", fields.is_name)
    check_list(provision.records, f"{where}.records", is_record_id)
    if provision.confidentiality not in (*Confidentiality, ANY):
        refuse(f"{where}.confidentiality", "must be N, R, V or any")
    bounds = [
        times.seconds(text, f"{where}.{name}", TermsInvalid)
        for name, text in (("dataFrom", provision.data_from), ("dataUntil", provision.data_until))
        if text != ANY
    ]
    if len(bounds) == 2 and bounds[0] >= bounds[1]:
        refuse(f"{where}.dataUntil", "must be later than dataFrom")


def check_list(values: tuple[str, ...], where: str, fits: Callable[[str], bool]) -> None:
    """Raise TermsInvalid unless all values fit, each once, or "any" stands alone."""
    if not 1 <= len(values) <= MAX_LIST or len(set(values)) != len(values):
        refuse(where, f"must be 1 to {MAX_LIST} different values")
    if values != (ANY,) and not all(
        isinstance(value, str) and value != ANY and fits(value) for value in values
    ):
        refuse(where, 'must hold known values only, or "any" alone')


def known(words: Iterable[str]) -> Callable[[str], bool]:
    """Whether a value is a word of a closed list."""
    return frozenset(words).__contains__


def is_record_id(value: str) -> bool:
    return len(value) == 66 and value.startswith("0x") and not value[2:].strip("0123456789abcdef")


def texts(value: Any, where: str) -> tuple[str, ...]:
    """A JSON array of texts. Raises LayoutInvalid."""
    items = fields.array(value, where, 1, MAX_LIST)
    if not all(isinstance(item, str) for item in items):
        fields.refuse(where, "be an array of texts")
    return tuple(items)


def refuse(where: str, must: str) -> NoReturn:
    """Raise TermsInvalid: the field `where` must …"""
    raise TermsInvalid(f"{where}: {must}", expression=(where,))

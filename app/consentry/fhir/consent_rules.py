"""Compiling denials away: what is left of a permission once a denial is taken off it (design §6; N-3).

A permission and a denial are both boxes: lists or intervals, one a field. Less a denial, a permission falls into at most one
box for each field in which the denial is narrower (two for the dates), and together they are exactly the rest. Lists that only
"any" can say (records) have no rest: that is refused, never widened or guessed.

The emergency summary of an author repeats what its other records say, under the date of the latest. So a denial of some
kinds, dates or records of data denies the summaries too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from consentry.domain.categories import Category, Confidentiality
from consentry.domain.confidentiality import covers as grade_covers
from consentry.domain.provisions import ANY, Provision
from consentry.domain.purposes import Purpose
from consentry.domain.terms import MAX_PROVISIONS
from consentry.fhir.consent_codes import refuse

EVERYTHING = Provision((ANY,), (ANY,), ANY, ANY, ANY, (ANY,), (ANY,))
_SUMMARY = (str(Category.EMERGENCY),)
_LISTS = ("purposes", "categories", "authors", "records")
WITHOUT_SUMMARY = tuple(str(one) for one in Category if one is not Category.EMERGENCY)
"""Every category but the emergency summary, in the order in which pages list them."""


def less(
    permits: Sequence[Provision], denial: Provision, authors: Iterable[str], path: str
) -> list[Provision]:
    """The permissions without what the denial covers; `authors` are all registered names.

    Raises ConsentNotExpressible naming `path`, the denial's element, if no list of permissions says that.
    """
    every = {
        "purposes": tuple(str(one) for one in Purpose),
        "categories": tuple(str(one) for one in Category),
        "authors": tuple(sorted(authors)),
    }
    left = list(permits)
    for box in _with_summary(denial):
        left = _slim(piece for permit in left for piece in _minus(permit, box, every, path))
        if len(left) > MAX_PROVISIONS:
            refuse(path, f"leaves more than {MAX_PROVISIONS} permissions; say them one by one instead")
    return left


def _with_summary(denial: Provision) -> Iterator[Provision]:
    yield denial
    about = replace(denial, purposes=(ANY,), authors=(ANY,))
    if about != EVERYTHING:
        yield replace(denial, categories=_SUMMARY, data_from=ANY, data_until=ANY, records=(ANY,))


def _minus(
    permit: Provision, denial: Provision, every: dict[str, tuple[str, ...]], path: str
) -> Iterator[Provision]:
    if not _meet(permit, denial):
        yield permit
        return
    for name in _LISTS:
        rest = _rest(getattr(permit, name), getattr(denial, name), every.get(name), path)
        if rest:
            yield replace(permit, **{name: rest})  # type: ignore[arg-type]
    # times as text order as times do
    if denial.data_from != ANY and (permit.data_from == ANY or permit.data_from < denial.data_from):
        yield replace(permit, data_until=denial.data_from)
    if denial.data_until != ANY and (permit.data_until == ANY or denial.data_until < permit.data_until):
        yield replace(permit, data_from=denial.data_until)


def _meet(permit: Provision, denial: Provision) -> bool:
    """Whether both can cover one request. A grade denies nothing here: labels of denials are refused before."""
    return all(_common(getattr(permit, name), getattr(denial, name)) for name in _LISTS) and (
        _reaches(permit.data_from, denial.data_until) and _reaches(denial.data_from, permit.data_until)
    )


def _common(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return (ANY,) in (some, others) or not set(some).isdisjoint(others)


def _reaches(start: str, end: str) -> bool:
    return ANY in (start, end) or start < end


def _rest(
    some: tuple[str, ...], others: tuple[str, ...], every: tuple[str, ...] | None, path: str
) -> tuple[str, ...]:
    if others == (ANY,):
        return ()
    if some == (ANY,):
        if every is None:
            refuse(path, "denies single documents, and terms cannot say “all but these”")
        some = every
    return tuple(one for one in some if one not in others)


def _slim(boxes: Iterable[Provision]) -> list[Provision]:
    """Without those that another one covers."""
    kept: list[Provision] = []
    for box in boxes:
        if any(_within(box, other) for other in kept):
            continue
        kept = [other for other in kept if not _within(other, box)]
        kept.append(box)
    return kept


def _within(box: Provision, other: Provision) -> bool:
    """Whether `other` covers whatever `box` covers."""
    return (
        all(_part(getattr(box, name), getattr(other, name)) for name in _LISTS)
        and (other.confidentiality == ANY or _graded(box.confidentiality, other.confidentiality))
        and (other.data_from == ANY or (box.data_from != ANY and other.data_from <= box.data_from))
        and (other.data_until == ANY or (box.data_until != ANY and box.data_until <= other.data_until))
    )


def _part(some: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return whole == (ANY,) or (some != (ANY,) and set(some) <= set(whole))


def _graded(box: str, other: str) -> bool:
    return box != ANY and grade_covers(Confidentiality(other), Confidentiality(box))

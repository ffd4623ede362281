"""Terms of a proposal, from options or a file, checked before anything is sent (specification C-11)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any

from consentry.cli.files import read_json
from consentry.cli.problems import CommandInvalid
from consentry.domain import times
from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.purposes import Purpose
from consentry.domain.roles import Role
from consentry.domain.terms import Terms
from consentry.errors import TermsInvalid

MAX_TERMS_BYTES = 2**20
ANY = "any"
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")
_DAY = len("2027-06-30")
# The gateway fills these in; for checking the rest, any valid ones will do.
_FILLED: dict[str, Any] = {
    "recipientName": "recipient",
    "recipient": Address("0x" + "11" * 20),
    "salt": "0x" + "11" * 32,
}


@dataclass(frozen=True)
class TermsOptions:
    """One provision, as options give it; empty lists mean "not given"."""

    purposes: Sequence[str]
    categories: Sequence[str]
    roles: Sequence[str]
    confidentiality: str
    data_from: str
    data_until: str
    authors: Sequence[str]
    records: Sequence[str]
    max_uses: int


@dataclass(frozen=True)
class Proposal:
    """What a gateway is asked to propose: terms without recipient and salt, and the window as text."""

    terms: dict[str, Any]
    valid_from: str
    valid_until: str


def moment(text: str, where: str) -> str:
    """A time, or a day for its first second, as `YYYY-MM-DDThh:mm:ssZ`. Raises TermsInvalid."""
    if not _TIME.fullmatch(text):
        raise TermsInvalid(f"{where}: must read 2027-06-30 or 2027-06-30T12:00:00Z", expression=(where,))
    return times.iso(times.seconds(f"{text}T00:00:00Z" if len(text) == _DAY else text, where, TermsInvalid))


def from_options(
    options: TermsOptions, valid_from: str | None, valid_until: str | None, now: int
) -> Proposal:
    """Raises CommandInvalid for what is missing, TermsInvalid for what is wrong."""
    for name, given in (
        ("--purpose", options.purposes),
        ("--category", options.categories),
        ("--role", options.roles),
    ):
        if not given:
            raise CommandInvalid(f"{name} is needed (or --terms FILE); `any` is a word the patient reads")
    _check_words("--purpose", options.purposes, Purpose)
    _check_words("--category", options.categories, Category)
    _check_words("--role", options.roles, Role)
    provision = {
        "purposes": list(options.purposes),
        "categories": list(options.categories),
        "confidentiality": options.confidentiality,
        "dataFrom": _bound(options.data_from, "--data-from"),
        "dataUntil": _bound(options.data_until, "--data-until"),
        "authors": list(options.authors) or [ANY],
        "records": list(options.records) or [ANY],
    }
    terms = {"roles": list(options.roles), "provisions": [provision], "maxUses": options.max_uses}
    return _proposal(terms, valid_from, valid_until, now)


def from_file(path: Path, valid_from: str | None, valid_until: str | None, now: int) -> Proposal:
    """`{"terms": {roles, provisions, maxUses}, "validFrom"?, "validUntil"?}` or the terms alone; options win.

    Raises FileUnreadable, FileTooLarge, NotJson, TermsInvalid.
    """
    _, tree = read_json(path, MAX_TERMS_BYTES)
    if not isinstance(tree, Mapping):
        raise TermsInvalid("terms: must be an object", expression=("terms",))
    inner = tree.get("terms", tree)
    if not isinstance(inner, Mapping):
        raise TermsInvalid("terms: must be an object", expression=("terms",))
    window = tree if "terms" in tree else {}
    terms = {key: value for key, value in inner.items() if key not in _FILLED} | {
        "maxUses": inner.get("maxUses", 0)
    }
    if isinstance(terms.get("provisions"), list):
        terms["provisions"] = [_with_times(one) for one in terms["provisions"]]
    return _proposal(
        terms, valid_from or window.get("validFrom"), valid_until or window.get("validUntil"), now
    )


def _proposal(terms: dict[str, Any], valid_from: Any, valid_until: Any, now: int) -> Proposal:
    if not valid_until:
        raise CommandInvalid("--until is needed: a consent always ends")
    Terms.from_json(terms | _FILLED)
    starts = times.iso(now) if valid_from is None else moment(str(valid_from), "--from (validFrom)")
    ends = moment(str(valid_until), "--until (validUntil)")
    if ends <= max(starts, times.iso(now)):
        why = "must be later than --from" if valid_from is not None and ends <= starts else "lies in the past"
        raise TermsInvalid(f"--until (validUntil): {why}", expression=("validUntil",))
    return Proposal(terms, starts, ends)


def _check_words(option: str, given: Sequence[str], words: type[StrEnum]) -> None:
    """Raise TermsInvalid for a word that is not in the closed list, naming one that is like it."""
    known = [ANY, *words]
    for word in given:
        if word in known:
            continue
        like = get_close_matches(word.lower(), [one.lower() for one in known], n=1, cutoff=0.7)
        like = like or [one for one in known if len(word) > 2 and one.lower().startswith(word[:3].lower())]
        if like:
            meant = next(one for one in known if one.lower() == like[0].lower())
            raise TermsInvalid(
                f"{option}: there is no such word; did you mean {meant}?", expression=(option,)
            )
        raise TermsInvalid(
            f"{option}: there is no such word; there are {', '.join(known)}", expression=(option,)
        )


def _with_times(provision: Any) -> Any:
    """A provision of a file, days given as the times they stand for."""
    if not isinstance(provision, Mapping):
        return provision
    bounds = {
        name: _bound(provision[name], name)
        for name in ("dataFrom", "dataUntil")
        if isinstance(provision.get(name), str)
    }
    return {**provision, **bounds}


def _bound(text: str, where: str) -> str:
    return ANY if text == ANY else moment(text, where)

"""Terms of a proposal, from options or a file, checked before anything is sent (specification C-11)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consentry.cli.files import read_json
from consentry.cli.problems import CommandInvalid
from consentry.domain import times
from consentry.domain.addresses import Address
from consentry.domain.terms import Terms
from consentry.errors import TermsInvalid

MAX_TERMS_BYTES = 2**20
ANY = "any"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
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
    whole = f"{text}T00:00:00Z" if _DAY.fullmatch(text) else text
    return times.iso(times.seconds(whole, where, TermsInvalid))


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
    return _proposal(
        terms, valid_from or window.get("validFrom"), valid_until or window.get("validUntil"), now
    )


def _proposal(terms: dict[str, Any], valid_from: Any, valid_until: Any, now: int) -> Proposal:
    if not valid_until:
        raise CommandInvalid("--until is needed: a consent always ends")
    Terms.from_json(terms | _FILLED)
    starts = times.iso(now) if valid_from is None else moment(str(valid_from), "validFrom")
    ends = moment(str(valid_until), "validUntil")
    if ends <= starts:
        raise TermsInvalid("validUntil: must be later than validFrom", expression=("validUntil",))
    return Proposal(terms, starts, ends)


def _bound(text: str, where: str) -> str:
    return ANY if text == ANY else moment(text, where)

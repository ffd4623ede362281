"""The code tables beside this file, read once. Everything that a terminologist might change lives in
`data/*.json`.

`resource_types.json` is also the closed list of what can be published. A type has one of five roles:

* `clinical`   classified by itself, in exactly one record;
* `attached`   has no meaning alone (a specimen, a scanned page): follows whoever refers to it, in exactly one
  record;
* `supporting` says nothing about the patient (a practitioner, a ward, a product): copied to each record that
  refers to it;
* `patient`    the Patient resource: never published, see `split.py`;
* `core`       level 4 (design §3): refused here.

Paths such as `context.period.start` step through lists. `members`: what the resource summarises. `glue`: what
it may not be parted from, because R4 requires the reference.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from consentry.domain.categories import Category, Confidentiality


@dataclass(frozen=True)
class ResourceType:
    name: str
    role: str
    category: Category | None
    encounter: tuple[str, ...]
    dates: tuple[str, ...]
    members: tuple[str, ...]
    glue: tuple[str, ...]
    follows: tuple[str, ...]


@dataclass(frozen=True)
class Label:
    """What one HL7 v3 ActCode sensitivity label asks for."""

    category: Category | None
    confidentiality: Confidentiality | None


@dataclass(frozen=True)
class SensitiveCodes:
    systems: dict[str, str]
    prefixes: dict[str, dict[str, Category | None]]
    codes: dict[str, dict[str, Category]]
    words: tuple[tuple[str, re.Pattern[str], Category], ...]
    """Each with the text that a match holds in any case: most texts hold none, and that is quicker to see."""


def load(name: str) -> Any:
    """One table as it lies on disk."""
    return json.loads(files(__package__).joinpath("data", name).read_text(encoding="utf-8"))


@cache
def resource_types() -> dict[str, ResourceType]:
    return {
        name: ResourceType(
            name=name,
            role=row.get("role", "clinical"),
            category=Category(row["category"]) if "category" in row else None,
            encounter=tuple(row.get("encounter", ())),
            dates=tuple(row.get("dates", ())),
            members=tuple(row.get("members", ())),
            glue=tuple(row.get("glue", ())),
            follows=tuple(row.get("follows", ())),
        )
        for name, row in load("resource_types.json").items()
    }


def is_context(kind: str) -> bool:
    """Whether a resource of this type says nothing of what was done: it is kept with whatever refers to it, or not at all."""
    return resource_types()[kind].role in ("supporting", "patient")


@cache
def labels() -> dict[str, Label]:
    return {
        code: Label(
            Category(row["category"]) if "category" in row else None,
            Confidentiality(row["confidentiality"]) if "confidentiality" in row else None,
        )
        for code, row in load("labels.json").items()
    }


@cache
def category_codes() -> dict[tuple[str, str], Category]:
    """(system, code) → category, for the codings that say which desk a resource belongs to."""
    return {
        (system, code): Category(category)
        for system, codes in load("category_codes.json").items()
        for code, category in codes.items()
    }


@cache
def sensitive_codes() -> SensitiveCodes:
    table = load("sensitive_codes.json")
    whole = [
        (word, re.compile(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])"), c)
        for word, c in table["words"].items()
    ]
    # A stem may go on ("psychiatr-ist"). Chinese has no spaces to look for.
    stems = [
        (stem, re.compile(rf"(?<![a-z0-9]){re.escape(stem)}" if stem.isascii() else re.escape(stem)), c)
        for stem, c in table["stems"].items()
    ]
    return SensitiveCodes(
        systems=table["systems"],
        prefixes={
            kind: {prefix: Category(c) if c else None for prefix, c in rows.items()}
            for kind, rows in table["prefixes"].items()
        },
        codes={
            kind: {code: Category(c) for code, c in rows.items()} for kind, rows in table["codes"].items()
        },
        words=tuple((word, pattern, Category(category)) for word, pattern, category in (*whole, *stems)),
    )


@cache
def core_content_types() -> frozenset[str]:
    return frozenset(load("core.json")["contentTypes"])


@cache
def required_statuses() -> dict[str, frozenset[str]]:
    """Required `status` codes that the validator's own models abbreviate."""
    return {name: frozenset(codes) for name, codes in load("required_codes.json").items()}


@cache
def department_codes() -> dict[tuple[str, str], str]:
    table = load("departments.json")
    return {
        (system, code): department
        for system, codes in table.items()
        if system != "words"
        for code, department in codes.items()
    }


@cache
def department_words() -> tuple[tuple[str, str], ...]:
    """Longest first, so that 神经内科 isn't taken for 内科."""
    return tuple(sorted(load("departments.json")["words"].items(), key=lambda pair: (-len(pair[0]), pair[0])))

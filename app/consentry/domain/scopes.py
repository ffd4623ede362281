"""What a system's access token lets it do: SMART App Launch 2.2, scopes of version 2, for systems alone.

`system/Observation.rs`: a type or `*`, then letters of `cruds` in that order. A scope that names search parameters is
refused: which part of a record a reader gets is the patient's to say, in a consent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from consentry.errors import LayoutInvalid

LETTERS = "cruds"
"""create, read (vread and history of an instance too), update, delete, search."""
ANY_TYPE = "*"
MAX_CHARACTERS = 4_096
_NARROWED = "?"
_SYSTEM = re.compile(r"system/(\*|[A-Z][A-Za-z]{0,63})\.(?=[cruds])(c?r?u?d?s?)")


@dataclass(frozen=True)
class Scopes:
    """Letters by type, in the order of the types; `*` stands for every type."""

    letters: tuple[tuple[str, str], ...]

    @staticmethod
    def parse(text: str) -> Scopes:
        """Scopes as OAuth writes them, with one space between. Raises LayoutInvalid."""
        return _united(_scope(one) for one in _texts(text))

    @staticmethod
    def of_request(text: str) -> Scopes:
        """What a client asks for, without the scopes that no system gets: clients ask for `launch/patient` or `openid` by
        habit, and are told what they got (RFC 6749 §3.3). May be nothing. Raises LayoutInvalid for search parameters."""
        return _united(_scope(one) for one in _texts(text) if _SYSTEM.fullmatch(one) or _NARROWED in one)

    def allow(self, resource_type: str, letter: str) -> bool:
        """Whether a request of this kind about this type is covered."""
        return letter in self._of(resource_type)

    def common(self, other: Scopes) -> Scopes:
        """What both allow; may be nothing."""
        types = {name for scopes in (self, other) for name, _ in scopes.letters}
        return _scopes({name: self._of(name) & other._of(name) for name in types})

    def __bool__(self) -> bool:
        return bool(self.letters)

    def __str__(self) -> str:
        return " ".join(f"system/{name}.{letters}" for name, letters in self.letters)

    def _of(self, resource_type: str) -> set[str]:
        return {
            letter
            for name, letters in self.letters
            if name in (ANY_TYPE, resource_type)
            for letter in letters
        }


def _texts(text: str) -> list[str]:
    if len(text) > MAX_CHARACTERS:
        raise LayoutInvalid(f"scope: is longer than {MAX_CHARACTERS} characters", expression=("scope",))
    return text.split(" ")


def _united(pairs: Iterable[tuple[str, str]]) -> Scopes:
    found: dict[str, set[str]] = {}
    for resource_type, letters in pairs:
        found.setdefault(resource_type, set()).update(letters)
    return _scopes(found)


def _scope(text: str) -> tuple[str, str]:
    found = _SYSTEM.fullmatch(text)
    if found is None:
        why = "names search parameters" if _NARROWED in text else "is none of this gateway's"
        raise LayoutInvalid(
            f"scope: one {why}; a scope is `system/`, a type or `*`, a point and letters of `{LETTERS}`",
            expression=("scope",),
        )
    return found[1], found[2]


def _scopes(found: dict[str, set[str]]) -> Scopes:
    """A letter that every type has is not said again of one."""
    everywhere = found.get(ANY_TYPE, set())
    kept = {name: letters if name == ANY_TYPE else letters - everywhere for name, letters in found.items()}
    return Scopes(
        tuple(
            (name, "".join(letter for letter in LETTERS if letter in kept[name]))
            for name in sorted(kept)
            if kept[name]
        )
    )

"""From a code that somebody else sent back to the class that stands for it."""

from __future__ import annotations

import sys
from typing import TypeVar

from consentry.errors.base import ConsentryError

Error = TypeVar("Error", bound=ConsentryError)


def by_code() -> dict[str, type[ConsentryError]]:
    """Every error class that is defined in a module loaded by now, by its code; not those made up for unknown codes."""
    found: dict[str, type[ConsentryError]] = {}
    waiting = list(ConsentryError.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if "code" in vars(one) and vars(sys.modules[one.__module__]).get(one.__name__) is one:
            found[one.code] = one
    return found


def told(kind: type[Error], diagnostics: str, *, expression: tuple[str, ...] = ()) -> Error:
    """An error of this class in somebody else's words, whatever arguments the class itself is made from."""
    error = kind.__new__(kind)
    ConsentryError.__init__(error, diagnostics, expression=expression)
    return error

"""What belongs to one request alone: kept with the request itself, as the entries of a batch share Flask's `g`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import request

T = TypeVar("T")


def kept(kind: Callable[[], T]) -> T:
    """The one of this kind that belongs to the request being answered, made when first asked for."""
    held = cast(Any, request)._get_current_object().__dict__.setdefault("consentry", {})
    if kind not in held:
        held[kind] = kind()
    return cast(T, held[kind])

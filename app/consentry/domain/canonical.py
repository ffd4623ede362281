"""Canonical JSON (RFC 8785, restricted: specification L-1) and keccak-256.

One object has one form in bytes, so that a hash or a signature over the bytes is one over the object.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sha3 import keccak_256

from consentry.errors import LayoutInvalid

MAX_INTEGER = 2**53 - 1
"""Largest magnitude that every JSON reader keeps exactly."""

MAX_DEPTH = 16
"""Deeper than any layout of ours; bounds recursion on hostile input."""


def keccak(*parts: bytes) -> bytes:
    """Keccak-256 of the concatenated parts, 32 bytes."""
    return keccak_256(b"".join(parts)).digest()


def dumps(obj: Any) -> bytes:
    """The canonical bytes of `obj`.

    Raises LayoutInvalid for what L-1 does not allow (floats, non-ASCII keys, …).
    """
    _check(obj, 0)
    text = json.dumps(obj, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise LayoutInvalid("canonical JSON: a string holds half a surrogate pair") from None


def loads(raw: bytes, what: str = "object") -> Any:
    """The object in `raw`.

    Raises LayoutInvalid unless `raw` is its canonical form; `what` names it in the error.
    """
    if not isinstance(raw, bytes):
        raise LayoutInvalid(f"{what}: not bytes")
    try:
        obj = json.loads(raw.decode("utf-8"), parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise LayoutInvalid(f"{what}: not JSON of the allowed kind") from None
    try:
        canonical = dumps(obj)
    except LayoutInvalid as refused:
        raise LayoutInvalid(f"{what}: {refused.diagnostics}") from None
    if canonical != raw:
        raise LayoutInvalid(f"{what}: not in canonical form")
    return obj


def _refuse(text: str) -> None:
    raise ValueError("only integers are allowed")


def _check(value: Any, depth: int) -> None:
    """Requests hold thousands of values, most of them texts: these are passed over where they stand."""
    if depth > MAX_DEPTH:
        raise LayoutInvalid("canonical JSON: nested too deep")
    if isinstance(value, dict):
        if not _are_ascii(value):
            raise LayoutInvalid("canonical JSON: a key is not ASCII text")
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        _check_plain(value)
        return
    for member in value:
        kind = type(member)
        if kind is not str and member is not None and not (kind is int and 0 <= member <= MAX_INTEGER):
            _check(member, depth + 1)


def _are_ascii(keys: Iterable[Any]) -> bool:
    try:
        return "".join(keys).isascii()
    except TypeError:
        return False


def _check_plain(value: Any) -> None:
    if isinstance(value, int):  # true and false as well
        if abs(value) > MAX_INTEGER:
            raise LayoutInvalid("canonical JSON: an integer is too large")
    elif value is not None and not isinstance(value, str):
        raise LayoutInvalid(
            "canonical JSON: a value is neither text, integer, boolean, null, array nor object"
        )

"""JSON text in and out without losing anything that FHIR gives a meaning to.

Reading is strict: valid UTF-8, no duplicate keys, no NaN, no lone surrogates, bounded nesting. Decimals keep
their digits (FHIR R4 datatypes §decimal: "the precision of the decimal value has significance"), so they are
`Decimal`, never `float`. Writing is canonical, so that equal trees give equal bytes: keys in code point
order, no white space, UTF-8 unescaped (after FHIR's canonical JSON; RFC 8785 would turn 1.10 into 1.1).
"""

from __future__ import annotations

import json
import re
import secrets
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from consentry.errors import NotJson

# dict[str, Json] | list[Json] | str | int | Decimal | bool | None; spelled out it only gets into mypy's way.
Json: TypeAlias = Any

_HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # the escapes of surrogates, in pairs or not
_MAX_NUMBER_CHARS = 64
_MAX_EXPONENT = 308  # what an IEEE double reaches: more can't be meant, and costs memory to expand


class _Refused(ValueError):
    """Carries our wording out of the parser's hooks."""


def read(raw: bytes, *, max_depth: int) -> Json:
    """Parse `raw`. Raises NotJson; never says what the text contains."""
    try:
        tree = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_constant,
        )
    except UnicodeDecodeError as error:
        raise NotJson(f"Byte {error.start} is not valid UTF-8.") from None
    except json.JSONDecodeError as error:
        raise NotJson(f"This is not JSON: it fails in line {error.lineno}, column {error.colno}.") from None
    except _Refused as error:
        raise NotJson(str(error)) from None
    except RecursionError:
        raise NotJson(f"The JSON nests deeper than {max_depth} levels.") from None
    if raw.count(b"{") + raw.count(b"[") > max_depth:
        _bound(tree, max_depth)
    if _HALF.search(raw):
        _refuse_halves(tree)
    return tree


def read_written(raw: bytes) -> Json:
    """Parse what `write` wrote and nobody else can have changed since."""
    return json.loads(raw, parse_float=_decimal, parse_int=_integer)


def write(tree: Json) -> bytes:
    """Canonical bytes of a tree that `read` or this package made. Raises TypeError for a value that has no place in one."""
    try:
        text = _WRITER.encode(tree)
    except ValueError:
        raise TypeError("NaN and Infinity have no place in a FHIR tree") from None
    if isinstance(tree, float) or any(one.search(text) for one in _LIKE_FLOATS):
        json.loads(text, parse_float=_refuse_float)
    return (_NUMBER.sub(r"\1", text) if _MARK in text else text).encode("utf-8")


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refused("An object names the same element twice.")
    return found


def _decimal(token: str) -> Decimal:
    if len(token) > _MAX_NUMBER_CHARS:
        raise _Refused(f"A number has more than {_MAX_NUMBER_CHARS} characters.")
    try:
        value = Decimal(token)
    except InvalidOperation:
        raise _Refused("A number is out of range.") from None
    if value and abs(value.adjusted()) > _MAX_EXPONENT or abs(int(value.as_tuple().exponent)) > _MAX_EXPONENT:
        raise _Refused("A number is out of range.")
    return value


def _integer(token: str) -> int | Decimal:
    if len(token) > _MAX_NUMBER_CHARS:
        raise _Refused(f"A number has more than {_MAX_NUMBER_CHARS} characters.")
    return Decimal(token) if token == "-0" else int(token)


def _constant(_token: str) -> Json:
    raise _Refused("NaN and Infinity are not JSON.")


def _bound(tree: Json, max_depth: int) -> None:
    level = [tree]
    for _ in range(max_depth):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
    if any(isinstance(node, dict | list) for node in level):
        raise NotJson(f"The JSON nests deeper than {max_depth} levels.")


def _refuse_halves(tree: Json) -> None:
    """Lone surrogates, which no UTF-8 can carry: only an escape (`\\ud800`) makes one."""
    try:
        write(tree)
    except UnicodeEncodeError:
        raise NotJson("A string holds half a surrogate pair.") from None


def _marked(node: Json) -> str:
    """The standard library's writer knows no Decimal, and nothing that stands for a number by its text but a string: such a
    string is told from all others by a mark that nobody outside this process can write."""
    if isinstance(node, Decimal):
        return _MARK + _literal(node)
    raise TypeError(f"{type(node).__name__} has no place in a FHIR tree")


def _refuse_float(_token: str) -> Json:
    """No Decimal, which is a string by its mark until now: so it was a `float`, which the standard library's writer asks nobody
    about, and whose digits are not those that somebody measured (0.1 + 0.2)."""
    raise TypeError("float has no place in a FHIR tree")


def _literal(value: Decimal) -> str:
    """Same number, same significant digits; plain notation where that doesn't add zeros without meaning."""
    exponent = int(value.as_tuple().exponent)
    return format(value, "f") if -32 <= exponent <= 0 else str(value)


_MARK = secrets.token_hex(16)
# How a float ends in canonical JSON, and a text does now and then; by their first character, for which a search is quick.
_LIKE_FLOATS = tuple(re.compile(start + r"[0-9]+[,\]}](?! )") for start in (r"\.", r"e[+-]"))
_NUMBER = re.compile(rf'"{_MARK}([^"]*)"')
_WRITER = json.JSONEncoder(
    ensure_ascii=False,
    check_circular=False,
    allow_nan=False,
    sort_keys=True,
    separators=(",", ":"),
    default=_marked,
)

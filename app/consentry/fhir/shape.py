"""FHIR's rules for JSON as such (R4 json.html), which the validator's models are lenient about.

`fhir.resources` reads what pydantic reads: `"1"` for 1, a string of JSON for an object, its own Python names
for elements, empty arrays. None of that is FHIR, and another hospital's software would trip over it. So:
names and emptiness are checked before validation, and afterwards what the models understood must have the
shape of what was sent.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from fhir_core.fhirabstractmodel import FHIRAbstractModel
from fhir_core.utils import is_primitive_type
from pydantic import BaseModel

from consentry.errors import NotFhir
from consentry.fhir.jsontext import Json

_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SPACE = re.compile(r"\s+")
_TEXTS = (str, datetime, date, time)
_TRUTHS = (bool,)
_NUMBERS = (int, float, Decimal)
_PLAIN_NUMBER = 10**300


def check_json(node: Json, path: str) -> None:
    """Raises NotFhir naming the element. `path` is the FHIRPath of `node`."""
    if not _is_sound(node):
        _refuse(node, path)


def _is_sound(node: Json) -> bool:
    """Whether nothing is wrong beyond doubt. What is wrong is looked for again by its path, which costs more to write than
    everything to look at."""
    if isinstance(node, str):
        return bool(node.strip()) and not _CONTROL.search(node)
    if isinstance(node, dict):
        return (
            bool(node)
            and "contentType" not in node
            and all(map(_is_name, node))
            and all(map(_is_sound_value, node.values()))
        )
    if isinstance(node, list):
        return bool(node) and all(map(_is_sound_item, node))
    return True


def _is_sound_value(node: Json) -> bool:
    return node is not None and _is_sound(node)


def _is_sound_item(node: Json) -> bool:
    return not isinstance(node, list) and _is_sound(node)


@lru_cache(4_096)
def _is_name(key: str) -> bool:
    return _NAME.fullmatch(key) is not None


def _refuse(node: Json, path: str) -> None:
    if isinstance(node, dict):
        if not node:
            raise NotFhir("An object is empty.", expression=(path,))
        for key, value in node.items():
            if not _is_name(key):
                raise NotFhir("An element has a name that FHIR does not know.", expression=(path,))
            if value is None:
                raise NotFhir("An element is null.", expression=(f"{path}.{key}",))
            _refuse(value, f"{path}.{key}")
        if "contentType" in node and isinstance(node.get("data"), str):
            _check_base64(node["data"], f"{path}.data")
    elif isinstance(node, list):
        if not node:
            raise NotFhir("An array is empty.", expression=(path,))
        for index, item in enumerate(node):
            if isinstance(item, list):
                raise NotFhir("An array lies directly in an array.", expression=(f"{path}[{index}]",))
            _refuse(item, f"{path}[{index}]")
    elif isinstance(node, str) and (not node.strip() or _CONTROL.search(node)):
        raise NotFhir("A string is empty or holds control characters.", expression=(path,))


def check_understood(sent: Json, model: BaseModel, path: str) -> None:
    """Refuse what the models had to bend to make it fit. Raises NotFhir naming the first such element."""
    # Writing a model costs eight times as much as looking at it: only what looks doubtful is written.
    if not _plainly(sent, model):
        _compare(sent, json.loads(model.model_dump_json()), path)


def _compare(sent: Json, understood: Any, path: str) -> None:
    if isinstance(sent, dict) and isinstance(understood, dict) and sent.keys() == understood.keys():
        for key, value in sent.items():
            _compare(value, understood[key], f"{path}.{key}")
    elif isinstance(sent, list) and isinstance(understood, list) and len(sent) == len(understood):
        for index, (item, other) in enumerate(zip(sent, understood, strict=True)):
            _compare(item, other, f"{path}[{index}]")
    elif _kind(sent) is not _kind(understood) or isinstance(sent, dict | list):
        raise NotFhir("An element has another JSON type or shape than R4 gives it.", expression=(path,))


def _kind(node: Json) -> type:
    """bool is an int to Python, not to JSON; integers and decimals are both numbers."""
    return float if isinstance(node, int | float | Decimal) and not isinstance(node, bool) else type(node)


def _plainly(sent: Json, understood: Any) -> bool:
    """Whether a model beyond doubt would be written in the shape of what was sent."""
    if not isinstance(sent, dict) or not isinstance(understood, FHIRAbstractModel):
        return False
    elements, held = _elements(type(understood)), understood.__dict__
    for key, value in sent.items():
        if key not in elements:
            return False
        name, same = elements[key]
        if name and not _each(value, held.get(name), same):
            return False
    # and nothing beside it
    return sum([value is not None for value in held.values()]) == len(sent) - ("resourceType" in sent)


def _each(sent: Json, understood: Any, same: Callable[[Json, Any], bool]) -> bool:
    if type(understood) is not list:
        return same(sent, understood)
    return type(sent) is list and 0 < len(sent) == len(understood) and all(map(same, sent, understood))


def _plain_value(sent: Json, understood: Any) -> bool:
    """Of dates, instants and times, JSON is text; of decimals, a number unless it is beyond what a double reaches."""
    if type(sent) is str or type(sent) is bool:
        return type(understood) in (_TEXTS if type(sent) is str else _TRUTHS)
    return type(sent) in _NUMBERS and type(understood) in _NUMBERS and abs(understood) < _PLAIN_NUMBER


@cache
def _elements(kind: type[FHIRAbstractModel]) -> dict[str, tuple[str, Callable[[Json, Any], bool]]]:
    """By their names in JSON, the elements that a model writes: where it holds them, and how they are compared. A resource's
    type is held nowhere: validation compared it."""
    found: dict[str, tuple[str, Callable[[Json, Any], bool]]] = {}
    if kind.has_resource_base():
        found["resourceType"] = ("", _plain_value)
    fields, names = kind.model_fields, kind.get_alias_mapping()
    for name in kind.elements_sequence():
        held = names[name]
        primitive = is_primitive_type(fields[held])
        found[fields[held].alias or held] = (held, _plain_value if primitive else _plainly)
        beside = fields.get(f"{held}__ext")
        if primitive and beside is not None and beside.alias:
            found[beside.alias] = (f"{held}__ext", _plainly)
    return found


def _check_base64(text: str, path: str) -> None:
    try:
        base64.b64decode(_SPACE.sub("", text), validate=True)
    except (binascii.Error, ValueError):
        raise NotFhir("Attached data is not base64.", expression=(path,)) from None

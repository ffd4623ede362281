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
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from consentry.errors import NotFhir
from consentry.fhir.jsontext import Json

_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SPACE = re.compile(r"\s+")


def check_json(node: Json, path: str) -> None:
    """Raises NotFhir naming the element. `path` is the FHIRPath of `node`."""
    if isinstance(node, dict):
        if not node:
            raise NotFhir("An object is empty.", expression=(path,))
        for key, value in node.items():
            if not _NAME.fullmatch(key):
                raise NotFhir("An element has a name that FHIR does not know.", expression=(path,))
            if value is None:
                raise NotFhir("An element is null.", expression=(f"{path}.{key}",))
            check_json(value, f"{path}.{key}")
        if "contentType" in node and isinstance(node.get("data"), str):
            _check_base64(node["data"], f"{path}.data")
    elif isinstance(node, list):
        if not node:
            raise NotFhir("An array is empty.", expression=(path,))
        for index, item in enumerate(node):
            if isinstance(item, list):
                raise NotFhir("An array lies directly in an array.", expression=(f"{path}[{index}]",))
            check_json(item, f"{path}[{index}]")
    elif isinstance(node, str) and (not node.strip() or _CONTROL.search(node)):
        raise NotFhir("A string is empty or holds control characters.", expression=(path,))


def check_understood(sent: Json, model: BaseModel, path: str) -> None:
    """Refuse what the models had to bend to make it fit. Raises NotFhir naming the first such element."""
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


def _check_base64(text: str, path: str) -> None:
    try:
        base64.b64decode(_SPACE.sub("", text), validate=True)
    except (binascii.Error, ValueError):
        raise NotFhir("Attached data is not base64.", expression=(path,)) from None

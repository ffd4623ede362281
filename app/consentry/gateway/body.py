"""Bodies of the JSON API: one object, strictly read, with exactly the fields that a route takes."""

from __future__ import annotations

from typing import Any

from flask import request

from consentry.domain import fields
from consentry.errors import LayoutInvalid, MediaTypeUnsupported
from consentry.fhir import jsontext

MAX_DEPTH = 12
MAX_BYTES = 256 * 1024


def json_object(*names: str, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of the body; optional ones that are absent are None.

    Raises MediaTypeUnsupported, NotJson, LayoutInvalid naming the field.
    """
    raw = raw_body("application/json")
    tree = jsontext.read(raw, max_depth=MAX_DEPTH)
    if isinstance(tree, dict):
        tree = dict.fromkeys(optional) | tree
    return fields.exact(tree, (*names, *optional), "body")


def raw_body(*types: str) -> bytes:
    """The body's bytes. Raises MediaTypeUnsupported; Flask answers for one that is too large."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype not in types or charset not in ("utf-8", "utf8") or request.content_encoding:
        raise MediaTypeUnsupported()
    return request.get_data(cache=False)


def text(body: dict[str, Any], name: str, most: int = 4_096) -> str:
    """A text field. Raises LayoutInvalid."""
    value = body[name]
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise LayoutInvalid(f"{name}: must be text of at most {most} characters", expression=(name,))
    return value

"""A Bundle without its resources, which are checked one by one (F-1)."""

from __future__ import annotations

import re

from consentry.errors import NotFhir
from consentry.fhir import shape
from consentry.fhir.jsontext import Json
from consentry.fhir.understanding import MAX_NAMED, understood

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9:/._-]{0,255}")
_ASKED = {"method": "POST", "url": "Basic"}
_PLAIN = frozenset(("fullUrl", "request"))


def check_frame(bundle: dict[str, Json]) -> None:
    """Raises NotFhir, with the path of each element that R4 objects to."""
    blank = {"resource": {"resourceType": "Basic", "code": {"text": "-"}}}
    bare = ({key: value for key, value in row.items() if key != "resource"} for row in bundle["entry"])
    rows = [row or blank for row in bare]
    plain = [row for row in rows if _is_plain(row)]
    try:
        _check_rows(bundle, plain[:1] + [row for row in rows if not _is_plain(row)])
    except NotFhir:
        _check_rows(bundle, rows)  # again, for the path of what is wrong


def _is_plain(row: dict[str, Json]) -> bool:
    """Names and requests as everybody writes them, of which one stands for all: the models look at each for as long as at a
    resource."""
    asked = row.get("request", _ASKED)
    return (
        row.keys() <= _PLAIN
        and isinstance(asked, dict)
        and asked.keys() == _ASKED.keys()
        and asked["method"] in ("POST", "PUT")
        and all(
            isinstance(one, str) and _ADDRESS.fullmatch(one) is not None
            for one in (row.get("fullUrl", "urn:x"), asked["url"])
        )
    )


def _check_rows(bundle: dict[str, Json], rows: list[dict[str, Json]]) -> None:
    frame = {**bundle, "entry": rows}
    model = understood(frame, "Bundle")
    if isinstance(model, tuple):
        raise NotFhir(expression=model[:MAX_NAMED])
    shape.check_understood(frame, model, "Bundle")

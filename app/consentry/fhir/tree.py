"""Walking FHIR's JSON trees: paths, codings, references. No rules about what is found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from consentry.fhir.jsontext import Json

Objects: TypeAlias = list[tuple[str, dict[str, Json]]]
"""Each with the name of the element that holds it."""

_REFERENCE_KEYS = frozenset(("reference", "type", "identifier", "display", "id", "extension"))
_NODES = (dict, list)  # what has something below it: to step into the many values would cost most of a walk
_LINKS = frozenset(("url", "div"))
_HREF = re.compile(r"""\b(href|src)\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)


class _Gone:
    """Marks what a rewrite removes; FHIR has no empty objects or arrays, so what is emptied goes too."""


GONE = _Gone()


def at(node: Json, path: str) -> Iterator[Json]:
    """Every value at a dotted path, stepping through lists."""
    head, _, rest = path.partition(".")
    for item in node if isinstance(node, list) else (node,):
        if isinstance(item, dict) and head in item:
            if rest:
                yield from at(item[head], rest)
            else:
                value = item[head]
                yield from value if isinstance(value, list) else (value,)


def is_reference(node: dict[str, Json]) -> bool:
    """A FHIR Reference: literal, or logical by an identifier (R4 references.html)."""
    if "reference" not in node and "identifier" not in node:
        return False
    return isinstance(node.get("reference"), str) or (
        isinstance(node.get("identifier"), dict)
        and all(key.lstrip("_") in _REFERENCE_KEYS for key in node)
        and ("type" in node or "display" in node or len(node) == 1)
    )


def references(node: Json) -> Objects:
    """Every Reference at any depth, with the name of the element that holds it."""
    found: Objects = []
    _references(node, "", found)
    return found


def _references(node: Json, element: str, found: Objects) -> None:
    if isinstance(node, dict):
        if is_reference(node):
            found.append((element, node))
        for key, value in node.items():
            if isinstance(value, _NODES):
                _references(value, key, found)
    elif isinstance(node, list):
        for item in node:
            if isinstance(item, _NODES):
                _references(item, element, found)


def objects(node: Json) -> Objects:
    """Every object at any depth, with the name of the element that holds it."""
    found: Objects = []
    _objects(node, "", found)
    return found


def _objects(node: Json, element: str, found: Objects) -> None:
    if isinstance(node, dict):
        found.append((element, node))
        for key, value in node.items():
            if isinstance(value, _NODES):
                _objects(value, key, found)
    elif isinstance(node, list):
        for item in node:
            if isinstance(item, _NODES):
                _objects(item, element, found)


def rewrite(
    node: Json,
    reference: Callable[[str, dict[str, Json]], dict[str, Json] | None],
    url: Callable[[str], str | None],
    element: str = "",
) -> Any:
    """A copy with every Reference passed through `reference`, every link through `url`; None removes.

    Returns GONE if nothing is left. An extension whose value was removed goes as a whole (R4 ext-1).
    """
    if isinstance(node, dict):
        if ("reference" in node or "identifier" in node) and is_reference(node):
            kept = reference(element, node)
            if kept is None:
                return GONE
            # an identifier may name its assigner, an extension anything
            node, element = kept, ""
        out: dict[str, Json] = {}
        lost = False
        for key, value in node.items():
            # most values are text that stays, or numbers: a call for each would cost more than the walk itself
            if isinstance(value, _NODES):
                new = rewrite(value, reference, url, key)
            else:
                new = _link(key, value, url) if key in _LINKS and isinstance(value, str) else value
            if new is GONE:
                lost = True
            else:
                out[key] = new
        emptied = lost and (
            not out or (element in ("extension", "modifierExtension") and set(out) <= {"url", "id"})
        )
        return GONE if emptied else out
    if isinstance(node, list):
        items = [new for item in node if (new := rewrite(item, reference, url, element)) is not GONE]
        return items if items or not node else GONE
    return node


def _link(key: str, value: str, url: Callable[[str], str | None]) -> Any:
    if key == "url":
        kept = url(value)
        return GONE if kept is None else kept
    if key == "div":
        return _HREF.sub(lambda found: _href(found, url), value)
    return value


def _href(found: re.Match[str], url: Callable[[str], str | None]) -> str:
    target = found[2][1:-1]
    kept = url(target)
    return found[0] if kept == target else f'{found[1]}="{kept or "#"}"'


def says(concept: Json, system: str, code: str) -> bool:
    """Whether a CodeableConcept says this code, and no other one of its system."""
    codings = concept.get("coding", ()) if isinstance(concept, dict) else ()
    return {one.get("code") for one in codings if one.get("system") == system} == {code}

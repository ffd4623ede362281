"""A resource with some of its elements (R4 search.html §3.1.1.5.8 and §3.1.1.5.9)."""

from __future__ import annotations

import re
from collections.abc import Set

from consentry.fhir.jsontext import Json
from consentry.fhir.validate import problems

SUBSETTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
_ALWAYS = frozenset(("resourceType", "id", "meta", "implicitRules", "modifierExtension", "status"))
_NAMED = re.compile(r"\.([A-Za-z]+)")


def subset(resource: dict[str, Json], elements: Set[str], without_text: bool) -> dict[str, Json]:  # noqa: FBT001 - as asked
    """These elements, and those without which it is no valid resource; or all but the narrative. Tagged as a part."""
    kept = (
        {key: value for key, value in resource.items() if key.lstrip("_") in elements | _ALWAYS}
        if elements
        else dict(resource)
    )
    if without_text:
        kept.pop("text", None)
    lacking = True
    while elements and lacking:
        lacking = False
        for path in problems(kept, ""):
            found = _NAMED.match(path)
            names = [key for key in resource if found and _is_part_of(key, found[1]) and key not in kept]
            kept |= {key: resource[key] for key in names}
            lacking = lacking or bool(names)
    meta = dict(resource.get("meta", {}))
    return {**kept, "meta": {**meta, "tag": [*meta.get("tag", ()), SUBSETTED]}}


def _is_part_of(key: str, name: str) -> bool:
    """`effectiveDateTime` for `effective[x]`, which is reported as one."""
    return key == name or key.startswith(name)

"""What the entries of a transaction or batch ask for (R4 http.html#transaction, bundle.html `Bundle.entry.request`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from consentry.errors import BundleTooLarge, NotFhir, ResourceIdMismatch, ResourceTypeMismatch
from consentry.fhir.jsontext import Json
from consentry.fhir.validate import MAX_ENTRIES

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
MOST_URL, MOST_CONDITION = 32_768, 4_096
"""Characters: as many as a request that comes by itself may have in its head."""
_PLACE = re.compile(r"([A-Z][A-Za-z]+)(?:/([A-Za-z0-9\-.]{1,64}))?(?:\?(.*))?", re.DOTALL)


@dataclass(frozen=True)
class Asked:
    """`index` is the entry's; `url` relative to the FHIR base. Empty: `if_match`, `if_none_exist` that are not said."""

    index: int
    method: str
    url: str
    if_match: str
    if_none_exist: str

    @property
    def path(self) -> str:
        """FHIRPath of the request."""
        return f"Bundle.entry[{self.index}].request"


@dataclass(frozen=True)
class Place:
    """What the address of an entry that writes names: a type, and an id or a condition (a query) or neither."""

    type: str
    id: str | None
    query: str


def requests_of(bundle: dict[str, Json], base_url: str) -> tuple[Asked, ...] | None:
    """One for each entry; None if the entries say nothing about what is asked, or not all of them do.

    Raises NotFhir for a request that can't be understood, BundleTooLarge.
    """
    rows = bundle.get("entry")
    if bundle.get("type") not in ("transaction", "batch") or not isinstance(rows, list) or not rows:
        return None
    if len(rows) > MAX_ENTRIES:
        raise BundleTooLarge(f"{len(rows)} entries; at most {MAX_ENTRIES} are taken.")
    said = [row.get("request") if isinstance(row, dict) else None for row in rows]
    if None in said:
        return None
    return tuple(_asked(index, one, base_url) for index, one in enumerate(said))


def place_of(asked: Asked, resource: dict[str, Json]) -> Place:
    """Where an entry of a transaction writes. Raises NotFhir, ResourceTypeMismatch, ResourceIdMismatch."""
    found = _PLACE.fullmatch(asked.url)
    at = (f"{asked.path}.url",)
    if found is None or (asked.method == "POST") is not (found[2] is None and found[3] is None):
        raise NotFhir("An entry's address does not fit its method.", expression=at)
    if resource.get("resourceType") != found[1]:
        raise ResourceTypeMismatch(expression=at)
    if found[2] is not None and resource.get("id") != found[2]:
        raise ResourceIdMismatch(expression=at)
    if asked.method == "PUT" and (found[2] is None) is (found[3] is None):
        raise NotFhir("An update names an id or an identifier.", expression=at)
    return Place(found[1], found[2], found[3] or "")


def _asked(index: int, said: Any, base_url: str) -> Asked:
    path = f"Bundle.entry[{index}].request"
    if (
        not isinstance(said, dict)
        or said.get("method") not in METHODS
        or not isinstance(said.get("url"), str)
    ):
        raise NotFhir("An entry's request has no method or address.", expression=(path,))
    more = {key: said.get(key, "") for key in ("ifMatch", "ifNoneExist")}
    if not all(isinstance(one, str) and len(one) <= MOST_CONDITION for one in more.values()):
        raise NotFhir("An entry's condition is no text, or too long.", expression=(path,))
    if len(said["url"]) > MOST_URL:
        raise NotFhir("An entry's address is too long.", expression=(f"{path}.url",))
    url = str(said["url"]).removeprefix(f"{base_url}/").removeprefix("/")
    return Asked(index, said["method"], url, more["ifMatch"], more["ifNoneExist"])

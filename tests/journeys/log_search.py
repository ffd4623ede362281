"""What must stand in no log of a network's gateways and keepers, nor in their metrics (specification H-49, H-52)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

import urllib3

from consentry.domain.categories import Category
from consentry.domain.purposes import Purpose
from consentry.network.run import Network
from consentry.telemetry.logs import FIELDS

ALWAYS = frozenset(("time", "level", "logger", "event"))
IN_ROUTES = frozenset((Category.CONSENT, Category.EMERGENCY))
"""Categories by whose names routes and modules are called as well."""
_TRANSACTION = re.compile(r"0x[0-9a-f]{64}")
_LONG_HEX = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{40,}")
_CID = re.compile(r"\b(?:bafk|bafy|Qm)[A-Za-z0-9]{20,}")
_BASE64 = re.compile(r"(?<![\w+/-])(?=[a-z_-]*[A-Z0-9+/])[A-Za-z0-9+/_-]{43,}")


def logs(network: Network) -> dict[str, str]:
    """Of every gateway and keeper."""
    found = [
        one for kind in ("gateway", "keeper") for one in network.place.log(kind).parent.glob(f"{kind}-*.log")
    ]
    return {one.stem: one.read_text("utf-8") for one in found}


def metrics(network: Network) -> dict[str, str]:
    """What each gateway and keeper tells its operators."""
    places = {"gateway": network.gateways, "keeper": network.keepers}
    return {
        f"{kind}-{slug}": urllib3.request("GET", f"{url}/metrics").data.decode()
        for kind, found in places.items()
        for slug, url in found.items()
    }


def leaks(text: str, known: Iterable[str], private: Iterable[str]) -> list[str]:
    """What stands there and must not: `private` words, purposes, categories, and whatever looks like an id or a key without
    being `known` (accounts and contracts that are public) or a transaction."""
    words = {*private, *Category, *Purpose} - IN_ROUTES
    found = [
        word for word in words if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE)
    ]
    rest = _TRANSACTION.sub("", text)
    for one in known:
        rest = re.sub(re.escape(one.removeprefix("0x")), "", rest, flags=re.IGNORECASE)
    return [
        *found,
        *(hit for shape in (_LONG_HEX, _CID, _BASE64) for hit in shape.findall(_without_places(rest))),
    ]


def wrong_lines(text: str) -> Iterator[str]:
    """Lines that are no JSON of allowed fields."""
    for line in text.splitlines():
        try:
            told = json.loads(line)
        except ValueError:
            yield line
            continue
        if not told.keys() >= ALWAYS or not told.keys() <= ALWAYS | FIELDS.keys():
            yield line


def _without_places(text: str) -> str:
    """Paths of the code are long, and nobody's."""
    return re.sub(r"\S+\.py:\d+", "", text)

"""The versions of a patient's records as a table, from the gateway's Bundle of type history."""

from __future__ import annotations

from typing import Any

from consentry.cli.answers import clean
from consentry.cli.output import Output
from consentry.cli.problems import GatewayMisbehaved

_PREFIX = "urn:consentry:"
_HEAD = ("record", "version", "category", "author", "")


def tell_versions(output: Output, bundle: dict[str, Any]) -> None:
    """One line a version, in the Bundle's order. Raises GatewayMisbehaved."""
    try:
        rows = [_row(entry) for entry in bundle.get("entry", []) if "fullUrl" in entry]
    except (KeyError, TypeError, AttributeError):
        raise GatewayMisbehaved("it answers with something other than a history") from None
    output.table(_HEAD, rows)
    output.say(f"{len(rows)} versions; use --out FILE to keep them.")


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    version = entry["response"]["etag"].removeprefix('W/"').removesuffix('"')
    if "resource" in entry:
        tags = {one["system"]: one for one in entry["resource"]["meta"]["tag"]}
        said = {name.removeprefix(_PREFIX): one["code"] for name, one in tags.items()}
        said["author"] = tags[f"{_PREFIX}author"]["display"]
    else:
        extensions = entry["response"]["extension"]
        values = {
            one["url"].removeprefix(_PREFIX): next(v for k, v in one.items() if k != "url")
            for one in extensions
        }
        said = values | {"record": values["record"].removeprefix(f"{_PREFIX}record:")}
    return tuple(
        clean(text, 120)
        for text in (said["record"], version, said["category"], said["author"], said["standing"])
    )

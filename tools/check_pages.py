#!/usr/bin/env python3
"""Whether a gateway serves the pages that these sources give.

    tools/check_pages.py https://gateway.example      after `make browser`

Fetches both pages, their policy and every file of them, and compares with the build that lies here. Exit code 0: the same
bytes; 1: what differs is printed. It proves what was served now, to this caller: a gateway can serve others something else.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import urllib.parse
import urllib.request
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from consentry.gateway.hardening import PAGE_POLICY

GATEWAY = Path(__file__).resolve().parents[1] / "app" / "consentry" / "gateway"
DIST = GATEWAY / "static" / "dist"
# What the gateway adds to its policy: whom a page talks to besides it. An origin and nothing more.
_MORE = r"(?: https?://[a-z0-9.\-\[\]:]+)*"
_SECONDS = 30
_MOST_BYTES = 8 * 1024 * 1024


def differences(gateway: str, digest: Path = DIST / "digest.json") -> list[str]:
    """What is not as the sources give it, by path. Raises OSError if the gateway does not answer."""
    told = json.loads(digest.read_text("utf-8"))
    found = []
    for page, audience in (("/", "patient"), ("/clinic", "clinician")):
        content, policy = _fetched(gateway, page)
        if content.decode("utf-8", "replace") != rendered(audience):
            found.append(page)
        if not re.fullmatch(re.escape(PAGE_POLICY).replace(re.escape("{more}"), _MORE), policy):
            found.append(f"{page} (its Content-Security-Policy)")
    for name, wanted in told["files"].items():
        path = urllib.parse.urljoin("/static/dist/", name)
        path = "/service-worker.js" if name == "service-worker.js" else path
        if hashlib.sha256(_fetch(gateway, path)).hexdigest() != wanted:
            found.append(path)
    return found


def rendered(audience: str) -> str:
    """The page as a gateway makes it from its template."""
    templates = Environment(loader=FileSystemLoader(GATEWAY / "templates"), autoescape=True)
    page = templates.get_template("page.html")
    return page.render(audience=audience, url_for=lambda _folder, filename: f"/static/{filename}")


def _fetch(gateway: str, path: str) -> bytes:
    return _fetched(gateway, path)[0]


def _fetched(gateway: str, path: str) -> tuple[bytes, str]:
    """Content and policy."""
    with urllib.request.urlopen(gateway.rstrip("/") + path, timeout=_SECONDS) as answer:
        content: bytes = answer.read(_MOST_BYTES)
        return content, answer.headers.get("Content-Security-Policy", "")


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not re.match(r"https?://", arguments[0]):
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    found = differences(arguments[0])
    for path in found:
        print(f"differs: {path}")
    if not found:
        print(f"the same pages: {json.loads((DIST / 'digest.json').read_text('utf-8'))['digest']}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

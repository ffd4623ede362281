#!/usr/bin/env python3
"""Whether a gateway serves the pages that these sources give.

    tools/check_pages.py https://gateway.example      after `make browser`

Fetches both pages and every file of them, and compares with the build that lies here. Exit code 0: the same bytes; 1: what
differs is printed. It proves what was served now, to this caller: a gateway can serve somebody else something else.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import urllib.parse
import urllib.request
from pathlib import Path

DIST = Path(__file__).resolve().parents[1] / "app" / "consentry" / "gateway" / "static" / "dist"
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
_SECONDS = 30
_MOST_BYTES = 8 * 1024 * 1024


def differences(gateway: str, digest: Path = DIST / "digest.json") -> list[str]:
    """What is not as the sources give it, by path. Raises OSError if the gateway does not answer."""
    told = json.loads(digest.read_text("utf-8"))
    found = []
    for page, audience in (("/", "patient"), ("/clinic", "clinician")):
        scripts = _SCRIPT.findall(_fetch(gateway, page).decode("utf-8", "replace"))
        wanted = f'src="/static/dist/{audience}.js"'
        if len(scripts) != 1 or wanted not in scripts[0][0] or scripts[0][1].strip():
            found.append(f"{page} loads other scripts")
    for name, wanted in told["files"].items():
        path = urllib.parse.urljoin("/static/dist/", name)
        path = "/service-worker.js" if name == "service-worker.js" else path
        if hashlib.sha256(_fetch(gateway, path)).hexdigest() != wanted:
            found.append(path)
    return found


def _fetch(gateway: str, path: str) -> bytes:
    with urllib.request.urlopen(gateway.rstrip("/") + path, timeout=_SECONDS) as answer:
        content: bytes = answer.read(_MOST_BYTES)
    return content


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

"""The pages' own files: compressed where the browser takes it, kept for good where their name says what they hold."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, request, send_from_directory

routes = Blueprint("page_files", __name__)
STATIC = Path(__file__).with_name("static")
DIST = STATIC / "dist"
# Systems' own tables differ; whatever is not here is not shown as anything.
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
}
_YEAR_SECONDS = 31_536_000


class Pages(Flask):
    """Flask, with static files as the pages need them."""

    def send_static_file(self, filename: str) -> Response:
        return static_file(filename)


def static_file(name: str) -> Response:
    """A file of `static/`. The compressed copies are no files of their own."""
    if name.endswith(".gz"):
        abort(404)
    zipped = (STATIC / f"{name}.gz").is_file() and request.accept_encodings["gzip"] > 0
    kind = _TYPES.get(Path(name).suffix, "application/octet-stream")
    # asked again at each use, and answered with 304, unless the name changes with the content
    lasting = _YEAR_SECONDS if name.startswith("dist/chunks/") else None
    response = send_from_directory(STATIC, f"{name}.gz" if zipped else name, mimetype=kind, max_age=lasting)
    if lasting is not None:
        response.cache_control.immutable = True
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


@routes.get("/service-worker.js")
def get_service_worker() -> Response:
    """At the root, as it may only look after what lies below its own address."""
    return static_file("dist/service-worker.js")


@routes.get("/.well-known/consentry-page.json")
def get_digest() -> dict[str, Any]:
    """SHA-256 of each file of the pages, and of all of them: to compare with what the same sources give elsewhere."""
    return _digest()


@cache
def _digest() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((DIST / "digest.json").read_text("utf-8"))
    return told

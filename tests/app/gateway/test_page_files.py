"""The pages' own files: compressed, kept for good where the name changes with the content, and their digest."""

from __future__ import annotations

import gzip
import hashlib
import json

import pytest

from consentry.gateway import page_files
from tests.app.gateway.world import World

GZIP = {"Accept-Encoding": "gzip, br"}


def chunk() -> str:
    """The name of a chunk of the built pages, under `static/`."""
    found = sorted((page_files.DIST / "chunks").glob("*.js"))
    assert found, "the pages are not built: make browser"
    return f"dist/chunks/{found[0].name}"


@pytest.mark.parametrize("name", ["dist/patient.js", "dist/page.css"])
def test_script_and_style_come_compressed_where_the_browser_takes_it(world: World, name: str) -> None:
    """W-4: the same bytes as those that are not compressed."""
    plain = world.mercy.client.get(f"/static/{name}")
    zipped = world.mercy.client.get(f"/static/{name}", headers=GZIP)
    assert "Content-Encoding" not in plain.headers and zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.mimetype == plain.mimetype and "Accept-Encoding" in zipped.headers["Vary"]
    assert plain.headers["Cache-Control"] == "no-cache"
    assert world.mercy.client.get(f"/static/{name}.gz").status_code == 404


def test_chunk_is_kept_for_good(world: World) -> None:
    """W-4: its name changes with its content."""
    answer = world.mercy.client.get(f"/static/{chunk()}", headers=GZIP)
    assert answer.cache_control.max_age == 31_536_000 and answer.cache_control.immutable
    assert answer.mimetype == "text/javascript"


def test_nothing_outside_the_folder_is_served(world: World) -> None:
    for name in ("../app.py", "..%2fapp.py", "dist/../../app.py", "/etc/passwd"):
        assert world.mercy.client.get(f"/static/{name}", headers=GZIP).status_code == 404


def test_digest_is_that_of_the_files_that_are_served(world: World) -> None:
    """W-5: each file's SHA-256, and one of the list, as `sha256sum` writes it."""
    told = world.mercy.client.get("/.well-known/consentry-page.json").json
    listed = "".join(f"{told['files'][name]}  {name}\n" for name in sorted(told["files"]))
    assert told["digest"] == hashlib.sha256(listed.encode()).hexdigest()
    assert {"patient.js", "clinician.js", "page.css", "service-worker.js", "../icon.svg"} <= set(
        told["files"]
    )
    for name, digest in told["files"].items():
        place = f"/static/dist/{name}" if not name.startswith("../") else f"/static/{name[3:]}"
        assert hashlib.sha256(world.mercy.client.get(place).data).hexdigest() == digest, name


def test_service_worker_may_load_from_here_alone(world: World) -> None:
    """W-3: a worker goes by its own script's policy, and is asked for anew each time."""
    answer = world.mercy.client.get("/service-worker.js", headers=GZIP)
    assert (
        answer.mimetype == "text/javascript"
        and "connect-src 'self'" in answer.headers["Content-Security-Policy"]
    )
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(("audience", "start"), [("patient", "/"), ("clinician", "/clinic")])
def test_manifest_makes_the_page_installable(world: World, audience: str, start: str) -> None:
    """W-3: name, start, display and icons of the sizes that browsers ask for; each icon is there."""
    answer = world.mercy.client.get(f"/static/{audience}.webmanifest")
    told = json.loads(answer.data)
    assert answer.mimetype == "application/manifest+json"
    assert (
        (told["start_url"], told["display"]) == (start, "standalone") and told["name"] and told["short_name"]
    )
    sizes = {icon["sizes"] for icon in told["icons"]}
    assert {"192x192", "512x512"} <= sizes
    for icon in told["icons"]:
        assert world.mercy.client.get(f"/static/{icon['src']}").mimetype == icon["type"]

"""`python -m tests.app.serving.little PORT FOLDER`: a process that serves little, and writes down in FOLDER what became of it.

`GET /who` says which process answers; `GET /wait` answers once FOLDER/go is there; `POST /size` says how long the body was; a
file FOLDER/locked keeps it from being opened.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from consentry.errors import ConsentryError, KeystoreLocked
from consentry.serving.plan import Plan, Refusal, Service
from consentry.serving.process import serve

MOST = 1_000_000
PATIENCE_SECONDS = 120.0


def answer(environ: dict[str, Any], folder: Path) -> bytes:
    path = environ["PATH_INFO"]
    if path == "/wait":
        (folder / "waiting").touch()
        ends = time.monotonic() + PATIENCE_SECONDS
        while not (folder / "go").exists() and time.monotonic() < ends:
            time.sleep(0.01)
    if path == "/size":
        return str(len(environ["wsgi.input"].read())).encode()
    return str(os.getpid()).encode()


def opened(folder: Path) -> Service:
    if (folder / "locked").exists():
        raise KeystoreLocked()

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = answer(environ, folder)
        start("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    def note(what: str) -> Callable[[], None]:
        return lambda: (folder / what).touch()

    return Service(app, note("begun"), note("left"), note("closed"))


def refuse(status: int, path: str) -> Refusal:
    body = json.dumps({"status": status, "path": path}).encode()
    return Refusal(status, "Refused", (("Content-Type", "application/json"),), body)


def main() -> int:
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    logging.basicConfig(level=logging.INFO)
    try:
        return serve(Plan("127.0.0.1", port, lambda: opened(folder), refuse, MOST, at_once=2))
    except ConsentryError as problem:
        sys.stderr.write(f"{problem.code}\n")
        return problem.exit_code


if __name__ == "__main__":
    sys.exit(main())

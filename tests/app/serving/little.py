"""`python -m tests.app.serving.little PORT FOLDER [tls]`: a process that serves little, and notes in FOLDER what became of it.

`GET /who` says which process answers; `GET /wait` answers once FOLDER/go is there; `POST /size` says how long the body was;
`GET /long` has a long answer. Files in FOLDER decide what goes wrong: `slow` keeps it opening until `go` is there, `locked`,
`broken` and (with `tls`) `uncertified` keep it from being opened, `begin-fails` and `close-fails` say it by their names.
`patient` lets it wait an hour for who does not close, `hasty` no time at all for who does not read.
"""

from __future__ import annotations

import json
import os
import ssl
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from gunicorn import util

from consentry.errors import ConfigInvalid, ConsentryError, KeystoreLocked
from consentry.serving import leaving, sending
from consentry.serving.plan import Plan, Refusal, Service
from consentry.serving.process import serve
from consentry.telemetry import logs

SECRET = "MRN-4711 of Alice"
MOST = 1_000_000
LONG = 64 << 20
"""More than systems keep for a reader who does not come."""
PATIENCE_SECONDS = 120.0


def wait(folder: Path) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while not (folder / "go").exists() and time.monotonic() < ends:
        time.sleep(0.01)


def answer(environ: dict[str, Any], folder: Path) -> bytes:
    path = environ["PATH_INFO"]
    if path == "/wait":
        (folder / f"waiting{environ['QUERY_STRING']}").touch()
        wait(folder)
    if path == "/long":
        return b"x" * LONG
    if path == "/size":
        return str(len(environ["wsgi.input"].read())).encode()
    return str(os.getpid()).encode()


def opened(folder: Path) -> Service:
    if (folder / "slow").exists():
        (folder / "opening").touch()
        wait(folder)
    if (folder / "locked").exists():
        raise KeystoreLocked()
    if (folder / "broken").exists():
        raise RuntimeError(SECRET)
    if (folder / "patient").exists():
        leaving.LINGER_SECONDS = 3600.0
        util.close_graceful = partial(util.close_graceful, timeout=3600.0)  # the server's own way to wait
    if (folder / "hasty").exists():
        sending.SENDING_SECONDS, sending.LEAST_BYTES_PER_SECOND = 0.1, 1 << 40

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = answer(environ, folder)
        start("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    def note(what: str, fails: str = "") -> Callable[[], None]:
        def noted() -> None:
            half = folder / f"{what}.half"
            half.write_text(str(os.getpid()), "ascii")
            half.replace(folder / what)
            if fails and (folder / fails).exists():
                raise RuntimeError(SECRET)

        return noted

    return Service(app, note("begun", "begin-fails"), note("left"), note("closed", "close-fails"))


def tls(folder: Path) -> ssl.SSLContext:
    if (folder / "uncertified").exists():
        raise ConfigInvalid("serving.tls: no certificate")
    return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


def refuse(status: int, path: str) -> Refusal:
    body = json.dumps({"status": status, "path": path}).encode()
    return Refusal(status, "Refused", (("Content-Type", "application/json"),), body)


def main() -> int:
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    logs.set_up(logs.LogFormat.TEXT)
    by_tls = partial(tls, folder) if sys.argv[3:] == ["tls"] else None
    try:
        return serve(Plan("127.0.0.1", port, partial(opened, folder), refuse, MOST, 2, by_tls))
    except ConsentryError as problem:
        sys.stderr.write(f"{problem.code}\n")
        return problem.exit_code


if __name__ == "__main__":
    sys.exit(main())

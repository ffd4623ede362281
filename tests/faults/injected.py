"""A real keeper or gateway in which something goes wrong at a named place: run instead of `python -m MODULE`.

    python -m tests.faults.injected [fault…] MODULE [the module's own arguments]

Faults: `--die MODULE:NAME` ends the process by SIGKILL just before that function runs, `--die-after` just after it; either
once the file of `--armed` exists, which is removed so that the next life goes on. `--clock SECONDS` shifts the clock,
`--lie` gives out a changed share, `--file-limit BYTES` lets no file grow beyond (what a full disk does to a database).
Production code knows nothing of all this.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import os
import resource
import runpy
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def wrap(place: str, around: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Replace `module:name` or `module:Class.name` by what `around` makes of it."""
    module, _, path = place.partition(":")
    *owners, name = path.split(".")
    owner = functools.reduce(getattr, owners, importlib.import_module(module))
    setattr(owner, name, around(getattr(owner, name)))


def dying(armed: Path, *, after: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def around(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def instead(*arguments: Any, **named: Any) -> Any:
            last = armed.exists()
            if last and not after:
                die()
            result = function(*arguments, **named)
            if last and after:
                die()
            return result

        def die() -> None:
            armed.unlink()
            # all of it: what is above would start what serves again
            os.killpg(os.getpgrp(), signal.SIGKILL)

        return instead

    return around


def shifted(seconds: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return lambda now: lambda clock: now(clock) + seconds


def lying(seal: Callable[..., Any]) -> Callable[..., Any]:
    """One bit of every share is wrong; everything else is as an honest keeper does it."""

    def instead(seal_to: bytes, digest: bytes, named: bytes, seat: int, share: bytes) -> Any:
        return seal(seal_to, digest, named, seat, bytes((share[0] ^ 1,)) + share[1:])

    return instead


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--die")
    parser.add_argument("--die-after")
    parser.add_argument("--armed", type=Path)
    parser.add_argument("--clock", type=int)
    parser.add_argument("--lie", action="store_true")
    parser.add_argument("--file-limit", type=int)
    parser.add_argument("module")
    chosen, rest = parser.parse_known_args()
    if chosen.die:
        wrap(chosen.die, dying(chosen.armed, after=False))
    if chosen.die_after:
        wrap(chosen.die_after, dying(chosen.armed, after=True))
    if chosen.clock:
        wrap("consentry.bootstrap.common:SystemClock.now", shifted(chosen.clock))
    if chosen.lie:
        wrap("consentry.services.release:seal_released", lying)
    if chosen.file_limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (chosen.file_limit, chosen.file_limit))
    sys.argv = [chosen.module, *rest]
    runpy.run_module(chosen.module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

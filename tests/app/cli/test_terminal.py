"""At a terminal: passphrases are asked for unseen, long work shows itself."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Event
from types import MappingProxyType

import pytest

from consentry.cli import main
from consentry.wallets.keyfile import create_wallet, open_wallet
from tests.app.cli.odd_server import OddServer, serving

NOTHING: Mapping[str, Event] = MappingProxyType({})
SECRET = "only typed, never shown"


def at_terminal(
    arguments: Sequence[str | Path], answers: Sequence[tuple[str, str]], shown: Mapping[str, Event] = NOTHING
) -> tuple[int, str]:
    """Run a command at a pseudo-terminal, answering each question when it appears; gives exit code and screen.

    `shown`: what is set once some words have been on the screen.
    """
    ours, theirs = pty.openpty()
    app = str(Path(main.__file__).parents[2])
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CONSENTRY_")} | {
        "PYTHONPATH": app,
        "TERM": "xterm",
    }
    command = [sys.executable, "-m", "consentry.cli.main", *map(str, arguments)]
    child = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    screen, waiting, until = "", list(answers), time.monotonic() + 90
    while time.monotonic() < until:
        ready, _, _ = select.select([ours], [], [], 0.1)
        if ready:
            screen += os.read(ours, 65_536).decode("utf-8", "replace")
        elif child.poll() is not None:
            break
        for words, event in shown.items():
            if words in screen:
                event.set()
        if waiting and waiting[0][0] in screen[-400:]:
            os.write(ours, waiting.pop(0)[1].encode() + b"\n")
            screen += "\n"
    os.close(ours)
    os.close(theirs)
    if child.poll() is None:
        child.kill()
        child.wait()
        pytest.fail(f"still waiting: {screen}")
    return child.returncode, screen


@pytest.fixture
def odd() -> Iterator[OddServer]:
    with serving() as made:
        yield made


def test_passphrases_are_asked_twice_for_a_new_file_and_never_shown(tmp_path: Path) -> None:
    """S-5, P-1"""
    path = tmp_path / "alice.keystore"
    code, screen = at_terminal(
        ["wallet", "new", path], [("New passphrase", SECRET), ("Repeat for confirmation", SECRET)]
    )
    assert code == 0 and SECRET not in screen
    assert open_wallet(path, SECRET).address


def test_a_wrong_passphrase_at_the_terminal_is_told(tmp_path: Path) -> None:
    """S-5"""
    create_wallet(tmp_path / "alice.keystore", SECRET)
    shown = ["wallet", "show", "--wallet", tmp_path / "alice.keystore"]
    code, screen = at_terminal(shown, [("Passphrase for alice.keystore", "wrong")])
    assert code == 3 and "keystore-locked" in screen
    assert at_terminal(shown, [("Passphrase for alice.keystore", SECRET)])[0] == 0


def test_long_work_shows_itself(odd: OddServer, tmp_path: Path) -> None:
    """And only there: tests in pipes see nothing of it."""

    shown = Event()

    def slow() -> Iterator[bytes]:
        shown.wait(90)
        yield b'{"resourceType": "Bundle", "type": "transaction-response"}'

    odd.stream("POST /fhir", slow())
    (tmp_path / "b.json").write_text('{"resourceType": "Bundle"}')
    (tmp_path / "his.key").write_text("the-client-key")
    asked = ["publish", tmp_path / "b.json", "--patient", "p-1", "--client-key-file", tmp_path / "his.key"]
    code, screen = at_terminal([*asked, "--gateway", odd.url], [], {"Publishing 26 bytes": shown})
    assert code == 0 and shown.is_set() and "0 records published" in screen

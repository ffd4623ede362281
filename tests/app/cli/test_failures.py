"""Every failure is words, a code, a next step and an exit code; never a trace."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from consentry.cli import main
from consentry.cli.command import Command, Group
from tests.app.cli.conftest import Run
from tests.app.cli.odd_server import OddServer, serving, trickle

COLOUR = "\x1b["


@pytest.fixture
def odd() -> Iterator[OddServer]:
    with serving() as made:
        yield made


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


ALL = list(commands(main.cli))


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) for path, _ in ALL])
def test_help_teaches_with_an_example(path: tuple[str, ...], command: click.Command, consentry: Run) -> None:
    ran = consentry(*path, "--help")
    assert ran.code == 0 and command.help and COLOUR not in ran.out
    assert isinstance(command, Command | Group)
    if isinstance(command, Command):
        assert f"Example:\n    consentry {' '.join(path)}" in ran.out or "| consentry" in ran.out
    assert "--json" in ran.out
    for option in command.params:
        assert not option.name or not re.search("passphrase|secret|private", option.name)


def test_lists_of_commands_cut_no_summary(consentry: Run) -> None:
    """And a command that makes no sense is sent to its own help."""
    for path in [(), *(path for path, command in ALL if isinstance(command, click.Group))]:
        assert "..." not in consentry(*path, "--help").out.partition("Commands:")[2]
    ran = consentry("read", "--purpose", "TREAT")
    assert "Next: `consentry read --help` shows an example." in ran.err


def test_root_help_and_version(consentry: Run) -> None:
    assert consentry("--help").code == 0
    assert "Commands:" in consentry().out and consentry("wallet").code == 0
    assert consentry("--version").out.startswith("consentry")


@pytest.mark.parametrize(
    "arguments",
    [
        ("bogus",),
        ("wallet", "bogus"),
        ("publish",),
        ("read", "--purpose", "FUN"),
        ("up", "--chain", "ftp://x"),
    ],
)
def test_commands_that_make_no_sense_are_explained(consentry: Run, arguments: tuple[str, ...]) -> None:
    plain = consentry(*arguments)
    assert plain.code == 2 and "command-invalid" in plain.err and "Next: " in plain.err and not plain.out
    as_json = consentry(*arguments, "--json")
    assert (as_json.code, as_json.error, as_json.err) == (2, "command-invalid", "")
    assert set(as_json.json["error"]) >= {"code", "detail", "nextStep"}


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [("not-fhir", 2), ("no-ground", 3), ("blob-corrupt", 4), ("chain-unreachable", 5), ("of-later", 2)],
)
def test_exit_codes_follow_the_kind_of_failure(
    odd: OddServer, consentry: Run, code: str, exit_code: int
) -> None:
    odd.refuse("GET /health", 404, "route-unknown")
    odd.refuse("GET /api/network", 422 if exit_code == 2 else 503, code, detail="Because.", nextStep="Wait.")
    plain = consentry("keeper", "list", "--gateway", odd.url)
    assert plain.code == exit_code and f"Error ({code}): Because." in plain.err and COLOUR not in plain.err
    assert consentry("keeper", "list", "--json", CONSENTRY_GATEWAY=odd.url).error == code


def test_json_is_taken_before_and_after_the_command(odd: OddServer, consentry: Run) -> None:
    odd.refuse("GET /api/network", 503, "chain-stale")
    for arguments in (
        ("--json", "keeper", "list"),
        ("keeper", "--json", "list"),
        ("keeper", "list", "--json"),
    ):
        assert consentry(*arguments, CONSENTRY_GATEWAY=odd.url).error == "chain-stale"


def test_settings_that_are_missing_are_named(consentry: Run) -> None:
    assert "CONSENTRY_GATEWAY" in consentry("status").err
    assert "CONSENTRY_RPC" in consentry("member", "list").err
    absent = consentry("publish", "x.json", "--patient", "r", "--client-key-file", "/nowhere", "--json")
    assert absent.error == "file-unreadable"


def test_unexpected_failures_name_a_log_that_holds_no_data(
    consentry: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """P-1: where it happened, not what it said."""

    number = "-".join(("MRN", "4711"))

    def fails(folder: Path, passphrase: str) -> None:
        raise KeyError(number, passphrase)

    monkeypatch.setattr("consentry.cli.wallets.list_wallets", fails)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ran = consentry("wallet", "list", "--json")
    assert (ran.code, ran.error) == (1, "internal")
    (log,) = tmp_path.glob("consentry-*.log")
    assert str(log) in ran.json["error"]["detail"]
    text = log.read_text("utf-8")
    assert "KeyError" in text and number not in text and "correct horse" not in text


def test_ctrl_c_ends_with_130(odd: OddServer) -> None:
    odd.stream("GET /health", trickle(0.05))
    odd.stream("GET /api/network", trickle(0.05))
    command = [sys.executable, "-m", "consentry.cli.main", "keeper", "list", "--gateway", odd.url]
    app = str(Path(main.__file__).parents[2])
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": app}
    )
    until = time.monotonic() + 90
    while not odd.seen and time.monotonic() < until:
        time.sleep(0.05)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=90)
    assert (child.returncode, out) == (130, b"") and b"Traceback" not in err


def test_ctrl_c_while_it_starts_ends_with_130_too() -> None:
    code = """import sys
class Impatient:
    def find_spec(self, name, *_):
        if name == 'consentry.cli.verifying':
            raise KeyboardInterrupt
sys.meta_path.insert(0, Impatient())
from consentry.cli.main import main"""
    app = str(Path(main.__file__).parents[2])
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=os.environ | {"PYTHONPATH": app}
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, b"", b"Interrupted.\n")


def test_a_reader_that_goes_away_leaves_no_trace() -> None:
    app = str(Path(main.__file__).parents[2])
    code = "import sys; sys.argv = ['consentry', '--help']; from consentry.cli.main import main; main()"
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        [sys.executable, "-c", code],
        stdout=writer,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": app},
    )
    os.close(writer)
    assert ran.returncode == 1 and b"Traceback" not in ran.stderr and b"Exception" not in ran.stderr


@pytest.mark.parametrize("forced", [{}, {"FORCE_COLOR": "1", "TERM": "xterm-256color"}])
def test_pipes_get_no_colour_codes_and_terminals_do(tmp_path: Path, forced: dict[str, str]) -> None:
    app = str(Path(main.__file__).parents[2])
    command = [
        sys.executable,
        "-m",
        "consentry.cli.main",
        "wallet",
        "show",
        "--wallet",
        str(tmp_path / "none"),
    ]
    environment = os.environ | {"PYTHONPATH": app, "CONSENTRY_PASSPHRASE": "x", "TERM": "xterm"} | forced
    environment.pop("NO_COLOR", None)
    piped = subprocess.run(command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)
    assert COLOUR not in piped.stdout + piped.stderr and piped.returncode == 2
    main_end, child_end = pty.openpty()
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=child_end, stderr=child_end, env=environment
    )
    child.wait(90)
    shown = os.read(main_end, 65_536).decode()
    os.close(main_end)
    os.close(child_end)
    assert COLOUR in shown and "file-unreadable" in shown

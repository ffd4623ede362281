"""What goes wrong while a process is opened, begun or closed, and what it ends with (H-40, H-42, H-52)."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from consentry.errors import ConfigInvalid
from tests.app.serving.little import SECRET
from tests.app.serving.running import Little

FAILED = "RuntimeError at "
Start = Callable[..., Little]


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("more", [(), ("locked",), ("broken",)], ids=["opens", "locked", "broken"])
def test_serving_stops_well_while_it_is_opened(
    start: Start, tmp_path: Path, told: signal.Signals, more: tuple[str, ...]
) -> None:
    """H-42: also where it could not have been opened."""
    little = start("slow", *more)
    assert little.there("opening")
    os.killpg(little.process.pid, told)
    (tmp_path / "go").touch()
    code, written = little.ended()
    assert code == 0 and "Traceback" not in written and SECRET not in written, written
    assert (tmp_path / "closed").exists() == (not more)
    assert not (tmp_path / "begun").exists()


def test_what_nobody_thought_of_is_tried_again(start: Start) -> None:
    """H-40, H-52: 2 and 3 would tell systemd that somebody has to correct something; the log has kind and place."""
    code, written = start("broken").ended()
    assert (code, FAILED in written, SECRET in written) == (1, True, False), written


def test_certificate_that_went_bad_is_a_wrong_setting(start: Start, tmp_path: Path) -> None:
    """H-40, H-44: also in a new process, after one died."""
    little = start(options=("tls",))
    serving = little.serving()
    (tmp_path / "uncertified").touch()
    os.kill(serving, signal.SIGKILL)
    code, written = little.ended()
    assert code == ConfigInvalid.exit_code and ConfigInvalid.next_step in written, written


def test_work_that_cannot_begin_ends_both_in_the_end(start: Start) -> None:
    """H-40, H-52."""
    code, written = start("begin-fails").ended()
    assert (code, FAILED in written, SECRET in written) == (1, True, False), written


def test_closing_that_fails_is_logged_without_its_words(start: Start) -> None:
    """H-42, H-52."""
    little = start("close-fails")
    assert little.serving()
    little.process.send_signal(signal.SIGTERM)
    code, written = little.ended()
    assert (code, FAILED in written, SECRET in written) == (0, True, False), written

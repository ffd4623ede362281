"""A child process: how engines, keepers and gateways of this machine are started, awaited and ended, and how that is said."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from consentry.errors import ConsentryError, ProcessFailed

START_SECONDS: Final = 180.0
STOP_SECONDS: Final = 30.0
STEP_SECONDS: Final = 0.05
_TAIL_BYTES, _LINE_CHARACTERS = 4_000, 200


class Child:
    """Started and ended as often as one likes. `name`: what messages call it. `log`: its output is added there (None: forgotten).
    `environment`: beside ours. `failure`: what is raised when it does not run; `hint`: what to do when it cannot be started.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path | None,
        *,
        environment: Mapping[str, str] | None = None,
        failure: Callable[[str], ConsentryError] = ProcessFailed,
        hint: str = "",
    ) -> None:
        self.name = name
        self.command = command
        self.log = log
        self._environment = dict(environment or {})
        self._failure = failure
        self._hint = hint
        self._process: subprocess.Popen[bytes] | None = None
        self._said_before = 0

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self.running else None

    def start(self) -> None:
        """Start without waiting. Raises `failure` when it cannot be started."""
        with (self.log or Path(os.devnull)).open("ab") as output:
            self._said_before = output.tell()
            try:
                self._process = subprocess.Popen(
                    list(self.command),
                    env={**os.environ, **self._environment},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    # A session of its own: Ctrl-C reaches us alone, who end things in order, and a signal all it started.
                    start_new_session=True,
                )
            except OSError as problem:
                hint = f": {self._hint}" if self._hint else ""
                raise self._failure(f"{self.name} cannot be started ({problem.strerror}){hint}") from None

    def await_until(self, true: Callable[[], bool], problem: str = "was not ready") -> None:
        """Look again and again. Raises `failure` with the last line it wrote when it ends, or takes longer than START_SECONDS."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self.require_running()
            if true():
                return
            time.sleep(STEP_SECONDS)
        raise self._failure(f"{self.name} {problem} within {START_SECONDS:.0f} s{self._said()}")

    def require_running(self) -> None:
        """Raises `failure` with the last line it wrote, if it has ended."""
        if not self.running:
            raise self._failure(f"{self.name} ended while starting{self._said()}")

    def ask_to_stop(self) -> None:
        """Without waiting; harmless when it has ended."""
        self._signal(signal.SIGTERM)

    def stop(self) -> None:
        """End it in good order, with everything it started; kill it if it does not end in time. Harmless when it has ended."""
        self._signal(signal.SIGTERM)
        if self._process is None:
            return
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def _signal(self, which: signal.Signals) -> None:
        """To all of its session."""
        pid = self.pid
        if pid is not None:
            os.killpg(pid, which)

    def _said(self) -> str:
        """The last line of this life, and where the others are."""
        return f": {tail(self.log, self._said_before)}; see {self.log}" if self.log else ""


def tail(log: Path, since: int = 0) -> str:
    """The last line of a log file, shortened; `since`: where its latest life began, in bytes."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(stream.seek(0, os.SEEK_END) - _TAIL_BYTES, since))
            return last_line(stream.read().decode("utf-8", "replace"))
    except OSError:
        return "its log cannot be read"


def last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip()[:_LINE_CHARACTERS] if lines else "it wrote nothing"

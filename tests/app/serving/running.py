"""The little process of `little.py`, as tests run it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import urllib3

from consentry.network.processes import free_port

ROOT = Path(__file__).parents[3]
SECONDS = 120.0
AGAIN = urllib3.Retry(total=600, backoff_factor=0.1, backoff_max=0.1)


@dataclass
class Little:
    folder: Path
    port: int = field(default_factory=free_port)
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.process = self.another()

    def end(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(SECONDS)

    def ended(self) -> tuple[int, str]:
        """Once it has ended by itself: its exit code, and what it wrote."""
        told = self.process.communicate(timeout=SECONDS)[1].decode()
        return self.process.returncode, told

    def serving(self) -> int:
        """The process that serves, once it has begun."""
        assert self.there("begun")
        return int((self.folder / "begun").read_text("ascii"))

    def another(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.app.serving.little", str(self.port), str(self.folder)]
        command += self.options
        return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True)

    def get(self, path: str = "/who") -> bytes:
        url = f"http://127.0.0.1:{self.port}{path}"
        return bytes(urllib3.request("GET", url, retries=AGAIN, timeout=SECONDS).data)

    def there(self, name: str) -> bool:
        """Once the file is in its folder."""
        ends = time.monotonic() + SECONDS
        while not (self.folder / name).exists() and time.monotonic() < ends:
            time.sleep(0.01)
        return (self.folder / name).exists()

    def spoken(self, raw: bytes) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)
        connection.sendall(raw)
        return connection

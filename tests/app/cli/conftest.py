"""Commands run in this process as the console script runs them, each with a clean environment."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from consentry.cli.main import run
from consentry.crypto import keystore

PASSPHRASE = "correct horse battery staple"


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The code in the JSON error."""
        return str(self.json["error"]["code"])


Run = Callable[..., Ran]


@pytest.fixture
def consentry(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """`consentry("wallet", "new", path)`; keyword arguments are environment variables."""
    for name in ("GATEWAY", "CLIENT_KEY_FILE", "WALLET", "RPC", "DEPLOYMENT", "PASSPHRASE_FILE"):
        monkeypatch.delenv(f"CONSENTRY_{name}", raising=False)
    monkeypatch.setenv(keystore.PASSPHRASE, PASSPHRASE)

    def ran(*arguments: str | Path, **environment: str) -> Ran:
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            capsys.readouterr()
            code = run([str(one) for one in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Ran(code, captured.out, captured.err)

    return ran

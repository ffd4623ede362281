"""The thread that follows another member's endpoint (H-81)."""

from __future__ import annotations

from threading import Event
from typing import cast

import pytest

from consentry.chain.deployment import Deployment
from consentry.light import connection
from consentry.light.connection import ProvenConnection
from consentry.light.proven_rpc import ProvenRpc


class Failing:
    """Fails once as nobody foresaw, and goes on afterwards."""

    place = "another-member:8545"

    def __init__(self) -> None:
        self.failed = False
        self.went_on = Event()

    def go_on(self, most: int) -> int:
        if self.failed:
            self.went_on.set()
            return 0
        self.failed = True
        raise KeyError("words of an endpoint")

    def close(self) -> None:
        return


def test_what_nobody_foresaw_does_not_end_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """H-81: older logs would stay unknown until a restart; and it is logged."""
    monkeypatch.setattr(
        connection.Connection, "__init__", lambda self, rpc, deployment: setattr(self, "rpc", rpc)
    )
    monkeypatch.setattr(connection.Connection, "check", lambda self: None)
    monkeypatch.setattr(connection.Connection, "close", lambda self: None)
    rpc = Failing()
    followed = ProvenConnection(cast(ProvenRpc, rpc), cast(Deployment, None))
    followed.check()
    assert rpc.went_on.wait(30)
    followed.close()
    (logged,) = caplog.records
    assert logged.exc_info and logged.getMessage() == "following the endpoint at another-member:8545 failed"

"""What `consentry endpoint` proves of a chain that runs here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from consentry.cli.main import run
from consentry.network.run import Network


def proven(
    network: Network, url: str, engine: str, checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> dict[str, Any]:
    """From the first block on, or from the checkpoint of the time before."""
    capsys.readouterr()
    options = ("--rpc", url, "--deployment", str(network.place.deployment), "--checkpoint", str(checkpoint))
    assert run(["--json", "endpoint", *options, "--engine", engine]) == 0, capsys.readouterr().err
    return dict(json.loads(capsys.readouterr().out))

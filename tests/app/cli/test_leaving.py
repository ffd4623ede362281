"""What leaves the command: keys only encrypted, JSON that cannot steer a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from consentry.cli.answers import json_text
from consentry.cli.client import GatewayClient
from tests.app.cli.conftest import Run


@pytest.mark.parametrize(
    ("url", "is_open"),
    [
        ("http://mercy.example:8080", True),
        ("http://10.0.0.7", True),
        ("http://localhost.evil.example", True),
        ("https://mercy.example", False),
        ("http://localhost:8080", False),
        ("http://127.0.0.1:1", False),
        ("http://[::1]:1", False),
    ],
)
def test_client_keys_leave_the_machine_only_encrypted(
    consentry: Run, tmp_path: Path, url: str, is_open: object
) -> None:
    """P-1: unless one says otherwise."""
    assert GatewayClient(url).is_open is is_open
    (tmp_path / "his.key").write_text("the-client-key")
    asked = ("patient", "show", "--mrn", "1", "--client-key-file", tmp_path / "his.key", "--gateway", url)
    if is_open:
        assert consentry(*asked, "--json", CONSENTRY_INSECURE_HTTP="").error == "connection-open"


def test_json_cannot_steer_a_terminal() -> None:
    """What is seen stays; what is not is an escape, and the value is the same."""
    value = {"a": "\x1b[2J\x7f\x9b\u202e\u2028\U000e0041\ud800", "b": "空腹血糖"}
    text = json_text(value)
    assert json.loads(text) == value and "空腹血糖" in text
    assert text.replace("\n", "").isprintable()

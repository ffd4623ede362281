"""Files that cannot be accepted are refused before anything is sent (F-1)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from consentry.cli.publishing import MAX_BUNDLE_BYTES
from consentry.wallets.keyfile import create_wallet
from tests.app.cli.conftest import PASSPHRASE, Run
from tests.app.cli.odd_server import OddServer, serving


@pytest.fixture
def odd() -> Iterator[OddServer]:
    with serving() as made:
        yield made


def sparse(path: Path) -> Path:
    """200 MB that cost no disk."""
    with path.open("wb") as stream:
        stream.truncate(200 * 2**20)
    return path


def written(content: bytes) -> Any:
    def write(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return write


FILES = {
    "missing": (lambda path: path, "file-unreadable"),
    "a folder": (lambda path: path.parent, "file-unreadable"),
    "200 MB": (sparse, "file-too-large"),
    "binary": (written(bytes(range(256)) * 40), "not-json"),
    "broken UTF-8": (written(b'{"resourceType": "Bundle\xff"}'), "not-json"),
    "half a bundle": (written(b'{"resourceType": "Bundle", "entry": ['), "not-json"),
    "empty": (written(b""), "not-json"),
    "deep": (written(b"[" * 50_000), "not-json"),
    "twice the same key": (written(b'{"resourceType": "Bundle", "resourceType": "Bundle"}'), "not-json"),
    "a list": (written(b"[]"), "not-fhir"),
    "a patient": (written(b'{"resourceType": "Patient"}'), "not-fhir"),
}


@pytest.mark.parametrize("kind", FILES)
def test_publish_refuses_files_before_the_upload(
    kind: str, odd: OddServer, consentry: Run, tmp_path: Path
) -> None:
    """F-1"""
    make, code = FILES[kind]
    path = make(tmp_path / "bundle.json")
    ran = consentry("publish", path, "--patient", "p-1", "--gateway", odd.url, "--json")
    assert (ran.code, ran.error, odd.seen) == (2, code, [])


def test_publish_never_sends_a_key_file(odd: OddServer, consentry: Run, tmp_path: Path) -> None:
    create_wallet(tmp_path / "alice.keystore", PASSPHRASE)
    ran = consentry(
        "publish", tmp_path / "alice.keystore", "--patient", "p-1", "--gateway", odd.url, "--json"
    )
    assert (ran.error, odd.seen) == ("not-fhir", [])


def test_publish_stops_reading_an_endless_pipe(odd: OddServer, consentry: Run, tmp_path: Path) -> None:
    ran = consentry("publish", "/dev/zero", "--patient", "p-1", "--gateway", odd.url, "--json")
    assert (ran.error, odd.seen) == ("file-too-large", [])
    assert f"{MAX_BUNDLE_BYTES:,}" in ran.json["error"]["detail"]


def test_publish_refuses_a_reference_that_is_none(odd: OddServer, consentry: Run, tmp_path: Path) -> None:
    """P-1: nothing that looks like more than a reference goes into a header."""
    (tmp_path / "b.json").write_text('{"resourceType": "Bundle"}')
    for ref in ("../x", "p 1", "p\n1", "", "p" * 200):
        ran = consentry("publish", tmp_path / "b.json", "--patient", ref, "--gateway", odd.url, "--json")
        assert (ran.error, odd.seen) == ("command-invalid", [])


def test_out_files_that_cannot_be_written_are_refused(odd: OddServer, consentry: Run, tmp_path: Path) -> None:
    """Before the read: a release leaves a receipt."""
    (tmp_path / "key").write_text("the-client-key")
    ran = consentry(
        "read", "--patient", "p-1", "--practitioner", "0x" + "11" * 20, "--purpose", "TREAT",
        "--out", tmp_path / "missing" / "x.json", "--json",
        CONSENTRY_GATEWAY=odd.url, CONSENTRY_CLIENT_KEY_FILE=str(tmp_path / "key"),
    )  # fmt: skip
    assert (ran.error, odd.seen, os.listdir(tmp_path)) == ("file-unwritable", [], ["key"])

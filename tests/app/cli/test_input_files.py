"""Files and terms that cannot be accepted are refused before anything is sent (F-1, C-11)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from consentry.cli.publishing import MAX_BUNDLE_BYTES
from consentry.wallets.keyfile import create_wallet
from tests.app.cli.conftest import PASSPHRASE, Run
from tests.app.cli.odd_server import OddServer, serving

TERMS: dict[str, Any] = {
    "roles": ["attending"],
    "provisions": [
        {
            "purposes": ["TREAT"],
            "categories": ["laboratory"],
            "confidentiality": "N",
            "dataFrom": "any",
            "dataUntil": "any",
            "authors": ["any"],
            "records": ["any"],
        }
    ],
    "maxUses": 0,
}
OPTIONS = ("--purpose", "TREAT", "--category", "laboratory", "--role", "attending", "--until", "2099-06-30")


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


def propose(consentry: Run, odd: OddServer, *arguments: str) -> Any:
    return consentry(
        "consent", "propose", "--patient", "p-1", *arguments, "--json", CONSENTRY_GATEWAY=odd.url
    )


def test_propose_sends_the_terms_that_options_give(odd: OddServer, consentry: Run) -> None:
    """C-11: what is not given is `any` only where that word was meant."""
    odd.say("POST /api/consents/proposals", {"id": "0x"}, 201)
    ran = propose(
        consentry,
        odd,
        *OPTIONS,
        "--from",
        "2098-01-01T08:30:00Z",
        "--category",
        "medication",
        "--max-uses",
        "3",
    )
    assert ran.code == 0, ran.out
    sent = json.loads(odd.seen[0][3])
    provision = TERMS["provisions"][0] | {"categories": ["laboratory", "medication"]}
    assert sent == {
        "patient": "p-1",
        "terms": TERMS | {"provisions": [provision], "maxUses": 3},
        "validFrom": "2098-01-01T08:30:00Z",
        "validUntil": "2099-06-30T00:00:00Z",
    }


@pytest.mark.parametrize("whole", [{"terms": TERMS, "validUntil": "2099-06-30"}, TERMS])
def test_propose_takes_a_file_of_terms(odd: OddServer, consentry: Run, tmp_path: Path, whole: Any) -> None:
    odd.say("POST /api/consents/proposals", {"id": "0x"}, 201)
    (tmp_path / "terms.json").write_text(json.dumps(whole))
    assert propose(consentry, odd, "--terms", str(tmp_path / "terms.json"), "--until", "2099-06-30").code == 0
    assert json.loads(odd.seen[0][3])["terms"] == TERMS


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (OPTIONS[2:], "command-invalid"),
        (OPTIONS[:-2], "command-invalid"),
        ((*OPTIONS, "--purpose", "FUN"), "terms-invalid"),
        ((*OPTIONS, "--purpose", "any"), "terms-invalid"),
        ((*OPTIONS, "--category", "everything"), "terms-invalid"),
        ((*OPTIONS, "--confidentiality", "X"), "terms-invalid"),
        ((*OPTIONS, "--until", "2099-02-30"), "terms-invalid"),
        ((*OPTIONS, "--until", "tomorrow"), "terms-invalid"),
        ((*OPTIONS, "--from", "2099-07-01"), "terms-invalid"),
        ((*OPTIONS, "--data-from", "2020-01-01", "--data-until", "2019-01-01"), "terms-invalid"),
        ((*OPTIONS, "--record", "0x12"), "terms-invalid"),
        ((*OPTIONS, "--terms", "x.json"), "command-invalid"),
    ],
)
def test_propose_refuses_bad_terms_before_sending(
    odd: OddServer, consentry: Run, arguments: tuple[str, ...], code: str
) -> None:
    """C-11"""
    ran = propose(consentry, odd, *arguments)
    assert (ran.code, ran.error, odd.seen) == (2, code, [])


@pytest.mark.parametrize("content", [b"[]", b'{"terms": 7}', b'{"terms": {}}', b"{}", b'{"roles": []}'])
def test_propose_refuses_a_file_that_holds_no_terms(
    odd: OddServer, consentry: Run, tmp_path: Path, content: bytes
) -> None:
    """C-11"""
    (tmp_path / "terms.json").write_bytes(content)
    ran = propose(consentry, odd, "--terms", str(tmp_path / "terms.json"), "--until", "2099-06-30")
    assert (ran.error, odd.seen) == ("terms-invalid", [])


def test_out_files_that_cannot_be_written_are_refused(odd: OddServer, consentry: Run, tmp_path: Path) -> None:
    """Before the read: a release leaves a receipt."""
    (tmp_path / "key").write_text("the-client-key")
    ran = consentry(
        "read", "--patient", "p-1", "--practitioner", "0x" + "11" * 20, "--purpose", "TREAT",
        "--out", tmp_path / "missing" / "x.json", "--json",
        CONSENTRY_GATEWAY=odd.url, CONSENTRY_CLIENT_KEY_FILE=str(tmp_path / "key"),
    )  # fmt: skip
    assert (ran.error, odd.seen, os.listdir(tmp_path)) == ("file-unwritable", [], ["key"])

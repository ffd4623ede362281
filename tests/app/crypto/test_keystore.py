"""Keystores on a real file system."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from consentry.crypto import keystore
from consentry.errors import KeystoreInvalid, KeystoreLocked

SECRETS = {"account": bytes(range(32)), "sealing": b"\xff" * 32, "empty": b""}
CHEAP = 2**12


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "keeper.keystore"
    keystore.write(made, SECRETS, "correct horse", cost=CHEAP)
    return made


def test_read_gives_the_secrets_when_the_passphrase_is_right(path: Path) -> None:
    """S-5."""
    assert keystore.read(path, "correct horse") == SECRETS
    content = path.read_bytes()
    assert all(secret not in content for secret in SECRETS.values() if secret)


def test_read_is_locked_when_the_passphrase_is_wrong(path: Path) -> None:
    """S-5."""
    for wrong in ("", "correct horse ", "Correct horse"):
        with pytest.raises(KeystoreLocked):
            keystore.read(path, wrong)


def test_read_takes_either_unicode_form_of_a_passphrase(tmp_path: Path) -> None:
    """S-5."""
    keystore.write(tmp_path / "one", SECRETS, "sant\u00e9 密码", cost=CHEAP)
    assert keystore.read(tmp_path / "one", "sante\u0301 密码") == SECRETS


def test_read_refuses_a_damaged_file(path: Path) -> None:
    """S-5: any byte; a damaged file is never taken for a wrong passphrase."""
    content = path.read_bytes()
    for at in range(len(content)):
        path.write_bytes(content[:at] + bytes((content[at] ^ 1,)) + content[at + 1 :])
        with pytest.raises(KeystoreInvalid):
            keystore.read(path, "correct horse")
    for damaged in (b"", content[:-1], content + b" ", b"{}", b"[" * 100_000, b"\xff", bytes(2**20 + 2)):
        path.write_bytes(damaged)
        with pytest.raises(KeystoreInvalid):
            keystore.read(path, "correct horse")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 2**25),
        ("n", 3),
        ("n", "4096"),
        ("kdf", "none"),
        ("version", 2),
        ("nonce", "AAAA"),
        ("salt", "?"),
        ("ciphertext", ""),
    ],
)
def test_read_refuses_parameters_it_does_not_write(path: Path, name: str, value: object) -> None:
    """S-5: also with a right checksum; a file cannot ask for hours of work."""
    shown = json.loads(path.read_text()) | {name: value}
    shown["checksum"] = keystore._checksum(shown)
    path.write_text(json.dumps(shown, sort_keys=True, separators=(",", ":")))
    with pytest.raises(KeystoreInvalid):
        keystore.read(path, "correct horse")


def test_read_refuses_a_missing_file(tmp_path: Path) -> None:
    """S-5."""
    for missing in (tmp_path / "nothing", tmp_path):
        with pytest.raises(KeystoreInvalid, match="no keystore file"):
            keystore.read(missing, "correct horse")


def test_write_leaves_a_private_file_and_nothing_else(path: Path) -> None:
    """S-5: mode 600, also in place of an open one."""
    path.chmod(0o644)
    keystore.write(path, {"new": b"secret"}, "another", cost=CHEAP)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert keystore.read(path, "another") == {"new": b"secret"}


def test_write_keeps_the_old_file_when_it_fails(path: Path) -> None:
    """S-5."""
    before = path.read_bytes()
    folder = path.parent / "folder"
    folder.mkdir()
    (folder / "inside").touch()
    with pytest.raises(OSError):
        keystore.write(folder, SECRETS, "x", cost=CHEAP)
    assert path.read_bytes() == before
    assert sorted(one.name for one in path.parent.iterdir()) == ["folder", "keeper.keystore"]


def test_passphrase_comes_from_the_file_first(tmp_path: Path) -> None:
    """S-5: only its line end is dropped."""
    named = tmp_path / "passphrase"
    named.write_text(" open sesame \r\n")
    environ = {"CONSENTRY_PASSPHRASE_FILE": str(named), "CONSENTRY_PASSPHRASE": "other"}
    assert keystore.passphrase_from_env(environ) == " open sesame "
    assert keystore.passphrase_from_env({"CONSENTRY_PASSPHRASE": "other"}) == "other"


def test_passphrase_is_locked_when_there_is_none(tmp_path: Path) -> None:
    """S-5: nothing of it is repeated."""
    empty, broken = tmp_path / "empty", tmp_path / "broken"
    empty.write_text("\n")
    broken.write_bytes(b"\xff\xfe")
    for environ in (
        {},
        {"CONSENTRY_PASSPHRASE": ""},
        {"CONSENTRY_PASSPHRASE_FILE": str(tmp_path / "missing")},
        {"CONSENTRY_PASSPHRASE_FILE": str(empty)},
        {"CONSENTRY_PASSPHRASE_FILE": str(broken)},
    ):
        with pytest.raises(KeystoreLocked) as locked:
            keystore.passphrase_from_env(environ)
        assert str(tmp_path) not in locked.value.diagnostics

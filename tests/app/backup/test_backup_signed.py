"""Archives that are signed: whose they are, and what somebody else makes for the same public key (U-6)."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from consentry.bootstrap.backup import back_up
from consentry.bootstrap.restoring import restore
from consentry.cli import main
from consentry.config import GatewayConfig, StoreConfig
from consentry.crypto import backup, hpke, keystore
from consentry.crypto.backup import Origin, Signing
from consentry.crypto.signatures import account_of, generate_account_key, sign_digest
from consentry.domain.addresses import Address
from consentry.errors import BackupForeign, BackupInvalid
from tests.app.backup.test_backup_archives import Keeper

MADE_AT = 1_790_000_000
PASSPHRASE = "a passphrase of a test"


@dataclass
class Owned(Keeper):
    """A keeper with an account of its own, which its database names."""

    key: bytes = b""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.key = generate_account_key()
        self.owned_by(self.account)

    @property
    def account(self) -> Address:
        return account_of(self.key)

    def owned_by(self, account: Address) -> None:
        with closing(sqlite3.connect(self.database, isolation_level=None)) as database:
            database.execute("DROP TABLE IF EXISTS owner")
            database.execute("CREATE TABLE owner (keeper TEXT, chain_id INTEGER, audit_log TEXT)")
            database.execute("INSERT INTO owner VALUES (?, 1, '')", (account,))

    def signed(self, key: bytes | None = None, made_at: int = MADE_AT) -> Path:
        key = key or self.key
        target = self.folder / "signed.archive"
        signing = Signing(account_of(key), made_at, partial(sign_digest, key))
        back_up(self.config, target, hpke.public_key(self.seed), lambda blocks: None, signing)
        return target


@pytest.fixture
def keeper(tmp_path: Path) -> Owned:
    folder = tmp_path / "keeper"
    folder.mkdir()
    return Owned(folder, hpke.generate_seed())


def test_restore_tells_who_signed_and_when(keeper: Owned, tmp_path: Path) -> None:
    """U-6: asked for or not."""
    made = keeper.signed()
    for number, named in enumerate((None, keeper.account)):
        told = restore(made, tmp_path / str(number), keeper.seed, signed_by=named)
        assert told.origin == Origin(keeper.account, MADE_AT) and told.blocks == 4


def test_what_somebody_else_made_is_refused(keeper: Owned, tmp_path: Path) -> None:
    """U-6: the public key is no secret; not signed, signed by another, or by another than whose contents they are."""
    mallory, new = generate_account_key(), tmp_path / "new"
    with pytest.raises(BackupForeign):
        restore(keeper.archive(), new, keeper.seed, signed_by=keeper.account)
    with pytest.raises(BackupForeign):
        restore(keeper.signed(mallory), new, keeper.seed, signed_by=keeper.account)
    with pytest.raises(BackupForeign, match="another account's"):
        restore(keeper.signed(mallory), new, keeper.seed)
    keeper.owned_by(account_of(mallory))
    with pytest.raises(BackupForeign):
        restore(keeper.signed(), new, keeper.seed, signed_by=keeper.account)
    forged = keeper.signed(mallory)
    assert restore(forged, tmp_path / "told", keeper.seed).origin == Origin(account_of(mallory), MADE_AT)
    with pytest.raises(BackupForeign):
        restore(forged, new, keeper.seed, signed_by=keeper.account)
    assert not new.exists() and not list(tmp_path.glob(".new*"))


def test_a_gateways_archive_is_taken_of_the_key_that_is_asked_for(keeper: Owned, tmp_path: Path) -> None:
    """U-6, M-10: another key may act for the member by now; of none but the one that is named."""
    member, later = generate_account_key(), generate_account_key()
    path = str
    GatewayConfig(
        account_of(member), "Mercy", "127.0.0.1", 1, "http://localhost:1", "http://127.0.0.1:1",
        path(keeper.folder / "deployment.json"), path(keeper.database), path(keeper.folder / "keystore"), "00",
        StoreConfig("embedded", path(keeper.folder / "store")),
    ).write(keeper.config)  # fmt: skip
    made = keeper.signed(later)
    for named in (None, account_of(member), account_of(generate_account_key())):
        with pytest.raises(BackupForeign):
            restore(made, tmp_path / "new", keeper.seed, signed_by=named)
    assert not (tmp_path / "new").exists()
    told = restore(made, tmp_path / "new", keeper.seed, signed_by=account_of(later))
    assert told.kind == "gateway" and told.origin == Origin(account_of(later), MADE_AT)


def test_what_was_changed_after_signing_is_refused(keeper: Owned, tmp_path: Path) -> None:
    """U-6, U-3: the time counts too; a signature of another archive, a cut one, none; made to look unsigned."""
    made, time_at = keeper.signed(), len(backup.SIGNED)
    raw, other = made.read_bytes(), keeper.signed(made_at=MADE_AT + 1).read_bytes()
    later = raw[:time_at] + (MADE_AT + 9).to_bytes(8, "big") + raw[time_at + 8 :]
    unsigned = backup.UNSIGNED + raw[time_at + 8 : -65]
    changed = (later, raw[:-65] + other[-65:], raw[:-1], raw[:-65], raw + b"\0", raw[:-65] + bytes(65))
    for each in (*changed, unsigned):
        made.write_bytes(each)
        with pytest.raises((BackupForeign, BackupInvalid)):
            restore(made, tmp_path / "new", keeper.seed, signed_by=keeper.account)
    assert not (tmp_path / "new").exists()
    made.write_bytes(unsigned)
    assert restore(made, tmp_path / "new", keeper.seed).origin is None


def test_the_commands_sign_and_compare(
    keeper: Owned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """U-6: signed unless it is said otherwise; restoring says by whom, or that nobody did."""
    monkeypatch.delenv(keystore.PASSPHRASE_FILE, raising=False)
    monkeypatch.setenv(keystore.PASSPHRASE, PASSPHRASE)
    (keeper.folder / "keystore").unlink()
    keystore.write(keeper.folder / "keystore", {"account": keeper.key}, PASSPHRASE)
    keystore.write(tmp_path / "offline", {"backup": keeper.seed}, PASSPHRASE)
    (tmp_path / "key.txt").write_text(hpke.public_key(keeper.seed).hex())

    def run(*arguments: object) -> tuple[int, dict[str, str], str]:
        capsys.readouterr()
        code = main.run([*map(str, arguments), "--json"])
        captured = capsys.readouterr()
        return code, json.loads(captured.out), captured.err

    def back_up_to(name: str, *more: str) -> dict[str, str]:
        code, told, _ = run("backup", keeper.config, tmp_path / name, "--for", tmp_path / "key.txt", *more)
        assert code == 0, told
        return told

    assert back_up_to("signed")["signedBy"] == keeper.account
    assert back_up_to("unsigned", "--unsigned")["signedBy"] is None
    offline = ("--keystore", tmp_path / "offline")
    by = ("--signed-by", keeper.account)
    code, told, _ = run("restore", tmp_path / "signed", tmp_path / "one", *offline, *by)
    assert (code, told["signedBy"]) == (0, keeper.account)
    code, told, notes = run("restore", tmp_path / "signed", tmp_path / "unnamed", *offline)
    assert code == 0 and keeper.account in notes and "the account that acts now" in notes
    code, told, notes = run("restore", tmp_path / "unsigned", tmp_path / "two", *offline)
    assert (code, told["madeAt"]) == (0, None) and "Nobody signed" in notes
    code, told, _ = run("restore", tmp_path / "unsigned", tmp_path / "three", *offline, *by)
    assert code == BackupForeign.exit_code and not (tmp_path / "three").exists()
    assert run("restore", tmp_path / "signed", tmp_path / "four", *offline, "--signed-by", "me")[0] == 2

"""Archives: what is in them, who opens them, what is refused (U-1, U-2, U-3)."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from consentry.bootstrap.backup import back_up, read_config
from consentry.bootstrap.restoring import restore
from consentry.config import StoreConfig
from consentry.crypto import backup, hpke
from consentry.errors import BackupInvalid, BackupLocked, ConfigInvalid, FolderTaken, StoreUnreachable
from consentry.keeper.settings import KeeperConfig
from consentry.storage import archive
from consentry.storage.archive import Part
from consentry.storage.embedded import EmbeddedBlockStore

CONTENT = secrets.token_bytes(3_000_000)


@dataclass
class Keeper:
    """The files of a keeper that was never started: settings, keystore, deployment, a database, a store with one content."""

    folder: Path
    seed: bytes
    cid: str = ""

    def __post_init__(self) -> None:
        for name in ("keystore", "deployment.json"):
            (self.folder / name).write_bytes(secrets.token_bytes(64))
        with closing(sqlite3.connect(self.database)) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("CREATE TABLE pairs (one INTEGER, two INTEGER)")
        store = EmbeddedBlockStore(self.folder / "store")
        self.cid = store.put([CONTENT]).cid
        store.close()
        path = str
        KeeperConfig(
            host="127.0.0.1",
            port=1,
            rpc_url="http://127.0.0.1:1",
            deployment=path(self.folder / "deployment.json"),
            database=path(self.database),
            keystore=path(self.folder / "keystore"),
            store=StoreConfig("embedded", path(self.folder / "store")),
        ).write(self.config)

    @property
    def config(self) -> Path:
        return self.folder / "keeper.json"

    @property
    def database(self) -> Path:
        return self.folder / "receipts.sqlite"

    def archive(self) -> Path:
        target = self.folder / f"{secrets.token_hex(4)}.archive"
        back_up(self.config, target, hpke.public_key(self.seed), lambda blocks: None)
        return target


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    folder = tmp_path / "keeper"
    folder.mkdir()
    return Keeper(folder, hpke.generate_seed())


def test_restore_gives_back_what_was_there(keeper: Keeper, tmp_path: Path) -> None:
    """U-1, U-3: and settings that name the files in the new folder."""
    made = keeper.archive()
    assert made.stat().st_mode & 0o777 == 0o600
    told = restore(made, tmp_path / "new", keeper.seed)
    assert (told.kind, told.blocks) == ("keeper", 4)
    config = read_config(tmp_path / "new" / "config.json")
    assert Path(config.keystore).read_bytes() == (keeper.folder / "keystore").read_bytes()
    assert Path(config.deployment).parent == tmp_path / "new"
    store = EmbeddedBlockStore(Path(config.store.path))
    assert b"".join(store.get(keeper.cid, max_bytes=len(CONTENT))) == CONTENT
    store.delete(keeper.cid)
    assert not store.has(keeper.cid), "the pins came along"
    store.close()
    assert list(tmp_path.glob(".*")) == [] and list(keeper.folder.glob(".*")) == [], "nothing is left behind"


def test_restore_adds_its_blocks_to_a_store_in_use(keeper: Keeper, tmp_path: Path) -> None:
    """U-3: what is there stays, what is missing comes back, pins of both count."""
    made = keeper.archive()
    shared = EmbeddedBlockStore(tmp_path / "shared")
    other = shared.put([b"somebody else's"]).cid
    for _ in range(2):
        folder = tmp_path / secrets.token_hex(4)
        restore(made, folder, keeper.seed, tmp_path / "shared")
        assert not (folder / "store").exists()
        assert read_config(folder / "config.json").store.path == str(tmp_path / "shared")
    assert b"".join(shared.get(keeper.cid, max_bytes=len(CONTENT))) == CONTENT and shared.has(other)
    shared.delete(keeper.cid)
    assert not shared.has(keeper.cid) and shared.has(other)
    shared.close()


def test_back_up_takes_one_moment_of_a_busy_database(keeper: Keeper, tmp_path: Path) -> None:
    """U-1: every transaction whole or not at all, while another connection writes."""
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(keeper.database, isolation_level=None, timeout=60)) as database:
            number = 0
            while not stop.is_set():
                number += 1
                database.execute("BEGIN")
                database.execute("INSERT INTO pairs VALUES (?, 0)", (number,))
                database.execute("UPDATE pairs SET two = one WHERE one = ?", (number,))
                database.execute("COMMIT")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = keeper.archive()
    finally:
        stop.set()
        writer.join()
    restore(made, tmp_path / "new", keeper.seed)
    with closing(sqlite3.connect(tmp_path / "new" / "database.sqlite")) as database:
        rows = database.execute("SELECT one, two FROM pairs ORDER BY one").fetchall()
    assert rows == [(number, number) for number in range(1, len(rows) + 1)]


def test_archive_shows_nothing(keeper: Keeper) -> None:
    """U-2: neither names nor contents; two archives of the same differ."""
    first, second = keeper.archive().read_bytes(), keeper.archive().read_bytes()
    assert first.startswith(backup.UNSIGNED) and first[40:] != second[40:]
    for shown in (b"config.json", b"rpc_url", keeper.cid.encode(), CONTENT[:32], b"SQLite format"):
        assert shown not in first


def test_restore_refuses_another_key(keeper: Keeper, tmp_path: Path) -> None:
    """U-2, U-3."""
    with pytest.raises(BackupLocked):
        restore(keeper.archive(), tmp_path / "new", hpke.generate_seed())
    assert not (tmp_path / "new").exists()


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda raw: b"",
    "foreign": lambda raw: b"PK\x03\x04" + raw,
    "another version": lambda raw: raw.replace(b"backup/1", b"backup/3", 1),
    "cut in the head": lambda raw: raw[:500],
    "cut at a chunk's end": lambda raw: raw[: len(backup.UNSIGNED) + 32 + 1_168 + 3 * 65_552],
    "cut": lambda raw: raw[:-1],
    "longer": lambda raw: raw + b"\0",
    "flipped": lambda raw: raw[:200_000] + bytes((raw[200_000] ^ 1,)) + raw[200_001:],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_restore_refuses_when_damaged(
    keeper: Keeper, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    """U-3: and leaves nothing behind."""
    made = keeper.archive()
    made.write_bytes(damage(made.read_bytes()))
    with pytest.raises(BackupInvalid):
        restore(made, tmp_path / "new", keeper.seed)
    assert not (tmp_path / "new").exists() and list(tmp_path.glob(".new*")) == []


def sealed(keeper: Keeper, pieces: Iterator[bytes], path: Path) -> Path:
    path.write_bytes(b"".join(backup.seal(pieces, hpke.public_key(keeper.seed))))
    return path


@pytest.mark.parametrize(
    "name", ["../escaped", "/etc/escaped", "blocks/../../escaped", "blocks/", "other.txt"]
)
def test_restore_refuses_names_that_no_backup_has(keeper: Keeper, tmp_path: Path, name: str) -> None:
    """U-3: an archive made by somebody else for this key writes nowhere else."""
    made = sealed(keeper, archive.pack([Part(name, keeper.config)]), tmp_path / "made")
    with pytest.raises(BackupInvalid):
        restore(made, tmp_path / "new", keeper.seed)
    assert not list(tmp_path.rglob("escaped"))


def test_restore_refuses_a_block_that_is_not_its_id(keeper: Keeper, tmp_path: Path) -> None:
    """U-3."""
    made = sealed(keeper, archive.pack([Part(f"blocks/{keeper.cid}", keeper.config)]), tmp_path / "made")
    with pytest.raises(BackupInvalid, match="damaged"):
        restore(made, tmp_path / "new", keeper.seed)


@pytest.mark.parametrize("left_out", ["config.json", "keystore", "database.sqlite"])
def test_restore_refuses_what_is_not_complete(keeper: Keeper, tmp_path: Path, left_out: str) -> None:
    """U-3."""
    there = {
        "config.json": keeper.config,
        "keystore": keeper.folder / "keystore",
        "database.sqlite": keeper.database,
    }
    parts = [Part(name, path) for name, path in there.items() if name != left_out]
    made = sealed(keeper, archive.pack(parts), tmp_path / "made")
    with pytest.raises(BackupInvalid, match=left_out):
        restore(made, tmp_path / "new", keeper.seed)


def test_restore_keeps_its_hands_off_a_folder_with_files(keeper: Keeper, tmp_path: Path) -> None:
    """U-3."""
    with pytest.raises(FolderTaken):
        restore(keeper.archive(), keeper.folder, keeper.seed)


def test_back_up_fails_whole_when_something_is_missing(keeper: Keeper) -> None:
    """U-1: no archive without a database, a keystore; no damaged one."""
    (keeper.folder / "keystore").unlink()
    with pytest.raises(StoreUnreachable):
        keeper.archive()
    keeper.database.write_bytes(b"SQLite format 3\0" + secrets.token_bytes(8_192))
    with pytest.raises(StoreUnreachable):
        keeper.archive()
    keeper.database.unlink()
    with pytest.raises(StoreUnreachable):
        keeper.archive()
    assert not list(keeper.folder.glob("*.archive"))


def test_settings_say_what_is_wrong_with_them(tmp_path: Path) -> None:
    path = tmp_path / "keeper.json"
    path.write_text(json.dumps({"host": "x"}))
    with pytest.raises(ConfigInvalid, match="keeper.json"):
        read_config(path)

"""Backing up one member's gateway or keeper while it runs, and restoring it into a new folder (specification U-1 to U-4).

An archive holds the settings, the keystore as it is (under its own passphrase), the deployment, the database as it was at one
moment, and after it the blocks of an embedded store: whatever the database names was stored before. The index is left out, for
it is rebuilt from the chain and the store. An IPFS node's blocks are its own to replicate.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from consentry.config import GatewayConfig, StoreConfig, read_gateway_config
from consentry.crypto import backup
from consentry.errors import BackupInvalid, ConfigInvalid, ConsentryError, FolderTaken, StoreUnreachable
from consentry.keeper.settings import KeeperConfig, read_keeper_config
from consentry.storage import archive
from consentry.storage.archive import Part

_READ_BYTES = 1 << 20
Config = GatewayConfig | KeeperConfig


@dataclass(frozen=True)
class Told:
    """What was backed up or restored; `blocks` is None where they are an IPFS node's own."""

    kind: str
    blocks: int | None
    size: int


def read_config(path: Path) -> Config:
    """A gateway's settings or a keeper's. Raises ConfigInvalid."""
    try:
        raw = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        raise ConfigInvalid(f"{path.name} is no file of settings") from None
    return (
        read_gateway_config(path)
        if isinstance(raw, dict) and "member_name" in raw
        else read_keeper_config(path)
    )


def recipient_of(config: Config) -> bytes | None:
    """The public key that a gateway's archives are made for if no other is named: its author's offline copy key."""
    return bytes.fromhex(config.copy_key) if isinstance(config, GatewayConfig) else None


def back_up(config_file: Path, target: Path, recipient: bytes, tell: Callable[[int], None]) -> Told:
    """Write the archive to `target`, whole or not at all; `tell` hears how many blocks were taken so far.

    Raises ConfigInvalid, StoreUnreachable, and OSError of the target.
    """
    config = read_config(config_file)
    taken = 0

    def parts(copies: Path) -> Iterator[Part]:
        nonlocal taken
        database = copies / "database.sqlite"
        archive.snapshot(Path(config.database), database)
        yield Part("config.json", config_file)
        yield Part("keystore", Path(config.keystore))
        yield Part("deployment.json", Path(config.deployment))
        yield Part("database.sqlite", database)
        if config.store.kind == "embedded":
            store = Path(config.store.path)
            archive.snapshot(store / "pins.sqlite", copies / "pins.sqlite")
            yield Part("pins.sqlite", copies / "pins.sqlite")
            for one in archive.blocks_of(store):
                taken += 1
                tell(taken)
                yield one

    if not Path(config.database).exists():
        raise StoreUnreachable(f"there is no database {config.database}")
    # Copies in the clear stay beside what they are copies of; only what is sealed reaches the back-up's medium.
    beside = Path(config.database).parent
    with (
        tempfile.TemporaryDirectory(prefix=".backup-", dir=beside) as copies,
        tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as sealed,
    ):
        partial = Path(sealed) / "archive"
        with partial.open("xb") as stream:
            partial.chmod(0o600)
            for piece in backup.seal(archive.pack(parts(Path(copies))), recipient):
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    blocks = taken if config.store.kind == "embedded" else None
    return Told(_kind(config), blocks, target.stat().st_size)


def restore(source: Path, folder: Path, seed: bytes, store: Path | None = None) -> Told:
    """Unpack an archive into a new folder, whole or not at all, with settings that name the files in it. `store`: an embedded
    store that is in use, to which the blocks are added in place of one in the folder.

    Raises FolderTaken, BackupLocked, BackupInvalid, ConfigInvalid, and OSError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTaken(f"{folder} is not empty")
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        blocks = archive.unpack(backup.open_(_pieces(source), seed), partial)
        config = _moved(partial, folder, store)
        if folder.exists():
            folder.rmdir()
        partial.replace(folder)
    except BaseException:
        with suppress(OSError):
            shutil.rmtree(partial)
        raise
    embedded = config.store.kind == "embedded"
    return Told(_kind(config), blocks if embedded else None, source.stat().st_size)


def _moved(partial: Path, folder: Path, store: Path | None) -> Config:
    """Settings whose paths lead into the folder; the store's pins in their place."""
    file = partial / "config.json"
    try:
        config = read_config(file)
    except ConsentryError as problem:
        raise BackupInvalid(f"its settings cannot be read: {problem.diagnostics}") from None
    paths: dict[str, Any] = {
        "database": str(folder / "database.sqlite"),
        "keystore": str(folder / "keystore"),
        "deployment": str(folder / "deployment.json"),
    }
    if config.store.kind == "embedded":
        restored = partial / "store"
        (restored / "blocks").mkdir(parents=True, exist_ok=True)
        if (partial / "pins.sqlite").exists():
            (partial / "pins.sqlite").replace(restored / "pins.sqlite")
        if store is not None:
            archive.merge(restored, store)
            shutil.rmtree(restored)
        paths["store"] = StoreConfig("embedded", str(store or folder / "store"))
    moved = replace(config, **paths)
    moved.write(file)
    return moved


def _pieces(source: Path) -> Iterator[bytes]:
    with source.open("rb") as stream:
        while piece := stream.read(_READ_BYTES):
            yield piece


def _kind(config: Config) -> str:
    return "gateway" if isinstance(config, GatewayConfig) else "keeper"

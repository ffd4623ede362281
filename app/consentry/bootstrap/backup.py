"""Backing up one member's gateway or keeper while it runs, and restoring it into a new folder (specification U-1 to U-4, U-6).

An archive holds the settings, the keystore as it is (under its own passphrase), the deployment, the database as it was at one
moment, and after it the blocks of an embedded store: whatever the database names was stored before. The index is left out, for
it is rebuilt from the chain and the store. An IPFS node's blocks are its own to replicate.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from consentry.config import GatewayConfig, StoreConfig, read_gateway_config
from consentry.crypto import backup
from consentry.crypto.backup import Origin, Signing
from consentry.databases.place import called, place_of
from consentry.domain.addresses import Address
from consentry.errors import (
    BackupForeign,
    BackupInvalid,
    ConfigInvalid,
    ConsentryError,
    DatabaseElsewhere,
    FolderTaken,
    StoreUnreachable,
)
from consentry.keeper.settings import KeeperConfig, read_keeper_config
from consentry.storage import archive
from consentry.storage.archive import Part

_READ_BYTES = 1 << 20
Config = GatewayConfig | KeeperConfig


@dataclass(frozen=True)
class Told:
    """What was backed up or restored; `blocks` is None where they are an IPFS node's own, `origin` where nobody signed."""

    kind: str
    blocks: int | None
    size: int
    origin: Origin | None = None


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


def back_up(
    config_file: Path,
    target: Path,
    recipient: bytes,
    tell: Callable[[int], None],
    signing: Signing | None = None,
) -> Told:
    """Write the archive to `target`, whole or not at all; `tell` hears how many blocks were taken so far.

    Raises ConfigInvalid, DatabaseElsewhere, StoreUnreachable, and OSError of the target.
    """
    config = read_config(config_file)
    database_file = _file_of(config)
    taken = 0

    def parts(copies: Path) -> Iterator[Part]:
        nonlocal taken
        database = copies / "database.sqlite"
        archive.snapshot(database_file, database)
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

    if not database_file.exists():
        raise StoreUnreachable(f"there is no database {config.database}")
    # Copies in the clear stay beside what they are copies of; only what is sealed reaches the back-up's medium.
    beside = database_file.parent
    with (
        tempfile.TemporaryDirectory(prefix=".backup-", dir=beside) as copies,
        tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as sealed,
    ):
        partial = Path(sealed) / "archive"
        with partial.open("xb") as stream:
            partial.chmod(0o600)
            for piece in backup.seal(archive.pack(parts(Path(copies))), recipient, signing):
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    blocks = taken if config.store.kind == "embedded" else None
    origin = None if signing is None else Origin(signing.account, signing.made_at)
    return Told(_kind(config), blocks, target.stat().st_size, origin)


def _file_of(config: Config) -> Path:
    """Raises DatabaseElsewhere."""
    place = place_of(config.database)
    if not isinstance(place, Path):
        raise DatabaseElsewhere(f"{called(place)} is a database of PostgreSQL")
    return place


def restore(
    source: Path, folder: Path, seed: bytes, store: Path | None = None, signed_by: Address | None = None
) -> Told:
    """Unpack an archive into a new folder, whole or not at all, with settings that name the files in it. `store`: an embedded
    store that is in use, to which the blocks are added in place of one in the folder. `signed_by`: the account that has to
    have signed it; a signature by another one than its own contents name is refused in any case.

    Raises FolderTaken, BackupLocked, BackupInvalid, BackupForeign, ConfigInvalid, and OSError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTaken(f"{folder} is not empty")
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        opening = backup.Opening(_pieces(source), seed)
        blocks = archive.unpack(opening.pieces(), partial)
        _require_signed(opening.origin, partial, signed_by)
        config = _moved(partial, folder, store)
        if folder.exists():
            folder.rmdir()
        partial.replace(folder)
    except BaseException:
        with suppress(OSError):
            shutil.rmtree(partial)
        raise
    embedded = config.store.kind == "embedded"
    return Told(_kind(config), blocks if embedded else None, source.stat().st_size, opening.origin)


def _require_signed(origin: Origin | None, partial: Path, signed_by: Address | None) -> None:
    """Raises BackupForeign, BackupInvalid."""
    signer = None if origin is None else origin.signer
    if signed_by is not None and signer != signed_by:
        raise BackupForeign("nobody signed it" if signer is None else f"{signer} signed it")
    if signer is not None and signer not in _named_in(partial, signed_by):
        raise BackupForeign(f"{signer} signed it, and it holds what is another account's")


def _named_in(partial: Path, signed_by: Address | None) -> tuple[str | None, ...]:
    """Whose an archive's contents are: a gateway's settings name its member, a keeper's database its account. Another key may
    act for a member by now (M-10), which no archive tells: then it is the one that is asked for."""
    config = _read_within(partial)
    if isinstance(config, GatewayConfig):
        return config.member.lower(), signed_by
    try:
        with closing(sqlite3.connect(partial / "database.sqlite")) as database:
            (keeper,) = database.execute("SELECT keeper FROM owner").fetchone()
    except (sqlite3.Error, TypeError):
        raise BackupInvalid("its database names no keeper") from None
    return (str(keeper),)


def _read_within(partial: Path) -> Config:
    try:
        return read_config(partial / "config.json")
    except ConsentryError as problem:
        raise BackupInvalid(f"its settings cannot be read: {problem.diagnostics}") from None


def _moved(partial: Path, folder: Path, store: Path | None) -> Config:
    """Settings whose paths lead into the folder; the store's pins in their place."""
    config = _read_within(partial)
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
    moved.write(partial / "config.json")
    return moved


def _pieces(source: Path) -> Iterator[bytes]:
    with source.open("rb") as stream:
        while piece := stream.read(_READ_BYTES):
            yield piece


def _kind(config: Config) -> str:
    return "gateway" if isinstance(config, GatewayConfig) else "keeper"

"""Restoring one member's gateway or keeper into a new folder, and an empty database where it has PostgreSQL (specification U-3,
U-4, U-6, U-8, U-9)."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from sqlalchemy import URL

from consentry.bootstrap.backup import Config, Told, kind_of, read_config
from consentry.bootstrap.partial_folders import partial_of
from consentry.config import GatewayConfig, StoreConfig
from consentry.crypto import backup
from consentry.crypto.backup import Origin
from consentry.databases import claims, dumps
from consentry.databases.place import place_of
from consentry.domain.addresses import Address
from consentry.errors import (
    BackupForeign,
    BackupInvalid,
    ConsentryError,
    DatabaseElsewhere,
    FolderTaken,
)
from consentry.storage import archive

_READ_BYTES = 1 << 20


def restore(
    source: Path,
    folder: Path,
    seed: bytes,
    store: Path | None = None,
    signed_by: Address | None = None,
    database: str | None = None,
) -> Told:
    """Unpack an archive into a new folder, whole or not at all, with settings that name the files in it. `store`: an embedded
    store that is in use, to which the blocks are added in place of one in the folder. `signed_by`: the account that has to
    have signed it; a signature by another one than its own contents name is refused in any case. `database`: the URL of an
    empty database for a dump of PostgreSQL, which is SQL, so that `signed_by` has to be said.

    Raises FolderTaken, BackupLocked, BackupInvalid, BackupForeign, ConfigInvalid, DatabaseElsewhere, DatabaseTaken,
    DatabaseToolMissing, DatabaseUnreachable, DatabaseUncopied, and OSError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTaken(f"{folder} is not empty")
    url = None if database is None else _url(database)
    if url is not None:
        if signed_by is None:
            raise BackupForeign("a dump is SQL: say whose it has to be")
        dumps.require_loadable(url)
    with partial_of(folder) as partial, source.open("rb") as stream:
        opening, dump = backup.Opening(_pieces(stream), seed), sha256()
        blocks = archive.unpack(opening.pieces(), partial, dump.update)
        dumped = not (partial / "database.sqlite").exists()
        if dumped != (url is not None):
            raise DatabaseElsewhere(f"it holds {'a dump of PostgreSQL' if dumped else 'a file'}")
        _require_signed(opening.origin, partial, signed_by)
        if folder.exists():
            folder.rmdir()  # what may fail comes before what stays
        config = _moved(partial, folder, store, database)
        if url is None:
            partial.replace(folder)
        else:
            with claims.claimed(url, dump.digest()) as claim:
                if not claim.loaded:
                    # It may be another file by now than the one that was checked: pg_restore carries out what comes.
                    stream.seek(0)
                    again = backup.Opening(_pieces(stream), seed, opening.head)
                    dumps.load(url, archive.dump_of(again.pieces()), dump.digest(), claim.name_loader)
                _place(partial, folder)
    embedded = config.store.kind == "embedded"
    return Told(kind_of(config), blocks if embedded else None, source.stat().st_size, opening.origin)


def _place(partial: Path, folder: Path) -> None:
    """Raises OSError, whose words say that the database was loaded already, and that the next attempt knows (U-9)."""
    try:
        partial.replace(folder)
    except OSError as problem:
        words = f"{problem.strerror}; the database was loaded: restore this archive into it again, it goes on from there"
        raise OSError(problem.errno, words) from None


def _url(database: str) -> URL:
    """Raises ConfigInvalid, DatabaseElsewhere."""
    place = place_of(database)
    if not isinstance(place, URL):
        raise DatabaseElsewhere("a file is restored into the folder")
    return place


def _require_signed(origin: Origin | None, partial: Path, signed_by: Address | None) -> None:
    """Raises BackupForeign, BackupInvalid."""
    signer = None if origin is None else origin.signer
    if signed_by is not None and signer != signed_by:
        raise BackupForeign("nobody signed it" if signer is None else f"{signer} signed it")
    if signer is not None and signer not in _named_in(partial, signed_by):
        raise BackupForeign(f"{signer} signed it, and it holds what is another account's")


def _named_in(partial: Path, signed_by: Address | None) -> tuple[str | None, ...]:
    """Whose an archive's contents are: a gateway's settings name its member, a keeper's database its account, which stands beside
    a dump as well. Another key may act for a member by now (M-10), which no archive tells: then it is the one
    that is asked for."""
    config = _read_within(partial)
    if isinstance(config, GatewayConfig):
        return config.member.lower(), signed_by
    try:
        if not (partial / "database.sqlite").exists():
            return ((partial / "keeper").read_text("ascii"),)
        with closing(sqlite3.connect(partial / "database.sqlite")) as database:
            (keeper,) = database.execute("SELECT keeper FROM owner").fetchone()
    except (sqlite3.Error, TypeError, OSError, ValueError):
        raise BackupInvalid("its database names no keeper") from None
    return (str(keeper),)


def _read_within(partial: Path) -> Config:
    try:
        return read_config(partial / "config.json")
    except ConsentryError as problem:
        raise BackupInvalid(f"its settings cannot be read: {problem.diagnostics}") from None


def _moved(partial: Path, folder: Path, store: Path | None, database: str | None) -> Config:
    """Settings whose paths lead into the folder, or to the database; the store's pins in their place."""
    config = _read_within(partial)
    paths: dict[str, Any] = {
        "database": database or str(folder / "database.sqlite"),
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
    (partial / "keeper").unlink(missing_ok=True)
    moved = replace(config, **paths)
    moved.write(partial / "config.json")
    return moved


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(_READ_BYTES):
        yield piece

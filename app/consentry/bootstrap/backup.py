"""Backing up one member's gateway or keeper while it runs (specification U-1, U-2, U-7). `restoring` is the way back.

An archive holds the database as it was at one moment, and after it the settings, the keystore as it is (under its own
passphrase), the deployment and the blocks of an embedded store: whatever the database names was stored before. The index is left
out, for it is rebuilt from the chain and the store, and so is what is under way on the chain, which the chain tells. An IPFS
node's blocks are its own to replicate.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from consentry.config import GatewayConfig, read_gateway_config
from consentry.crypto import backup
from consentry.crypto.backup import Origin, Signing
from consentry.databases import dumps
from consentry.databases.place import Place, place_of
from consentry.errors import ConfigInvalid, StoreUnreachable
from consentry.index.schemas import INDEX, SENDINGS
from consentry.keeper.settings import KeeperConfig, read_keeper_config
from consentry.keeper.tables import KEEPER
from consentry.storage import archive
from consentry.storage.archive import Part, Piece

Config = GatewayConfig | KeeperConfig
_LEFT_OUT = tuple(name for one in (INDEX, SENDINGS) for name in (*one.metadata.tables, one.notes))
_OWNER = select(KEEPER.metadata.tables["owner"].c.keeper)


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

    Raises ConfigInvalid, StoreUnreachable, DatabaseToolMissing, DatabaseUncopied, and OSError of the target.
    """
    config = read_config(config_file)
    place = place_of(config.database)
    taken = 0

    def parts(copies: Path) -> Iterator[Part | Piece]:
        nonlocal taken
        yield from _database(config, place, copies)
        yield Part("config.json", config_file)
        yield Part("keystore", Path(config.keystore))
        yield Part("deployment.json", Path(config.deployment))
        if config.store.kind == "embedded":
            store = Path(config.store.path)
            archive.snapshot(store / "pins.sqlite", copies / "pins.sqlite")
            yield Part("pins.sqlite", copies / "pins.sqlite")
            for one in archive.blocks_of(store):
                taken += 1
                tell(taken)
                yield one

    if isinstance(place, Path) and not place.exists():
        raise StoreUnreachable(f"there is no database {config.database}")
    # Copies in the clear stay beside what they are copies of; only what is sealed reaches the back-up's medium.
    beside = place.parent if isinstance(place, Path) else config_file.parent
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
    return Told(kind_of(config), blocks, target.stat().st_size, origin)


def _database(config: Config, place: Place, copies: Path) -> Iterator[Part | Piece]:
    """A copy of the file, or a dump, which is nowhere but in the archive. It comes first: what it names was stored before, and
    so was the key of an account that it names."""
    if isinstance(place, Path):
        archive.snapshot(place, copies / "database.sqlite")
        yield Part("database.sqlite", copies / "database.sqlite")
        return
    yield from archive.dumped(dumps.dump(place, _LEFT_OUT))
    if isinstance(config, KeeperConfig):
        yield Piece("keeper", str(dumps.asked(place, _OWNER)).encode("ascii"))


def kind_of(config: Config) -> str:
    """Of the process that these settings are for."""
    return "gateway" if isinstance(config, GatewayConfig) else "keeper"

"""More gateways of one member, with databases of their own."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from consentry.bootstrap.gateway import gateway_on
from consentry.gateway.app import create_app
from tests.app.gateway.people import Hospital
from tests.app.gateway.world import World


def backed_up(world: World, of: Hospital) -> Path:
    """A copy of a gateway's database as it is now."""
    copy = world.folder / f"{secrets.token_hex(4)}.sqlite"
    with closing(sqlite3.connect(of.config.database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


@contextmanager
def another_gateway(world: World, of: Hospital, database: Path | None = None) -> Iterator[Hospital]:
    """A second gateway of the member, on this database or an empty one, its index read from the chain anew."""
    folder = world.folder / secrets.token_hex(4)
    folder.mkdir()
    path = database or folder / "gateway.sqlite"
    world.begin_index(path.with_name(f"{path.stem}-index{path.suffix}"))
    config = replace(of.config, database=str(path))
    gateway = gateway_on(config, of.keys, world.chain.ledger(), world.store)
    try:
        yield replace(of, gateway=gateway, client=create_app(gateway).test_client(), config=config)
    finally:
        gateway.close()

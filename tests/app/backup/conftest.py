"""A keeper whose book is in PostgreSQL, for back-ups."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import URL

from consentry.bootstrap.backup import back_up, read_config
from consentry.bootstrap.databases import upgrade
from consentry.bootstrap.restoring import restore
from consentry.config import StoreConfig
from consentry.crypto import hpke
from consentry.crypto.backup import Signing
from consentry.crypto.signatures import account_of, generate_account_key, sign_digest
from consentry.domain.addresses import Address
from consentry.keeper.settings import KeeperConfig
from tests.postgres import Postgres, binaries, setting

SECRET = "correct-horse"
LEFT_OUT = {"sendings", "sending_attempts", "schema_sendings"}
"""Of the tables, in a keeper's dump: what the chain tells."""


@dataclass
class Kept:
    """One that was never started: settings, keystore, deployment, a book with its account, receipts' places in it."""

    folder: Path
    server: Postgres
    url: URL
    seed: bytes
    key: bytes

    @property
    def account(self) -> Address:
        return account_of(self.key)

    @property
    def config(self) -> Path:
        return self.folder / "keeper.json"

    def archive(self, name: str = "archive") -> Path:
        signing = Signing(self.account, 1_790_000_000, partial(sign_digest, self.key))
        target = self.folder / name
        back_up(self.config, target, hpke.public_key(self.seed), lambda blocks: None, signing)
        return target

    def restore(self, made: Path, folder: Path, url: URL) -> None:
        restore(made, folder, self.seed, None, self.account, setting(url))

    def say(self, statement: str, url: URL | None = None) -> list[tuple]:
        return self.server.say(statement, str((url or self.url).database))

    def tables(self, url: URL) -> set[str]:
        found = self.say("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", url)
        return {name for (name,) in found}


@pytest.fixture
def kept(postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    monkeypatch.setenv("PATH", f"{binaries()}:{Path(sys.executable).parent}:/usr/bin:/bin")
    folder = tmp_path / "keeper"
    folder.mkdir()
    made = Kept(folder, postgres, postgres.database(), hpke.generate_seed(), generate_account_key())
    for name in ("keystore", "deployment.json"):
        (folder / name).write_bytes(b"{}")
    url = made.url.set(password=SECRET)
    KeeperConfig(
        "127.0.0.1", 1, "http://127.0.0.1:1", str(folder / "deployment.json"), setting(url),
        str(folder / "keystore"), StoreConfig("kubo", api="http://127.0.0.1:1"),
    ).write(made.config)  # fmt: skip
    upgrade(read_config(made.config))
    made.say(f"INSERT INTO owner VALUES ('{made.account}', 1, '')")
    made.say("CREATE TABLE pairs (one int PRIMARY KEY, two int)")
    return made

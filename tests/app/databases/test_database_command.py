"""`consentry database` (H-23)."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from consentry.cli.main import cli
from consentry.config import GatewayConfig, StoreConfig
from consentry.databases import upgrading
from consentry.databases.place import Place
from consentry.errors import ConsentryError, DatabaseForeign, DatabaseOutdated
from consentry.index.audit_trail import SqlAuditTrail
from consentry.index.gateway_store import GatewayStore
from consentry.index.schemas import AUTHOR, BEFORE
from consentry.keeper.settings import KeeperConfig
from tests.app.databases.test_migrations import writing_to
from tests.app.index.test_index_audit import row
from tests.app.index.test_index_desk import link
from tests.postgres import Postgres, setting


@pytest.fixture
def gateway(place: Place, tmp_path: Path) -> Path:
    file = tmp_path / "gateway.json"
    GatewayConfig(
        "0x" + "11" * 20, "Mercy", "127.0.0.1", 1, "http://localhost:1", "http://127.0.0.1:1", "d.json",
        setting(place), "k", "00", StoreConfig("embedded", str(tmp_path)),
    ).write(file)  # fmt: skip
    return file


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["database", *arguments, "--json"])


def told(result: Result) -> dict[str, tuple[str, str | None]]:
    assert result.exception is None, result.exception
    return {one["book"]: (one["found"], one["revision"]) for one in json.loads(result.stdout)}


def test_tables_are_checked_and_upgraded(gateway: Path, place: Place) -> None:
    """H-23: nothing changes by looking."""
    before = set(gateway.parent.iterdir())
    for _ in range(2):
        assert {found for found, _ in told(run("check", "--config", str(gateway))).values()} == {"empty"}
    assert set(gateway.parent.iterdir()) == before
    with writing_to(place, AUTHOR) as connection:
        upgrading.upgrade(connection, AUTHOR, None, BEFORE)
    problem = run("check", "--config", str(gateway)).exception
    assert isinstance(problem, DatabaseOutdated) and "author" in problem.diagnostics
    assert told(run("upgrade", "--config", str(gateway)))["author"] == ("older", BEFORE)
    assert {found for found, _ in told(run("check", "--config", str(gateway))).values()} == {"current"}
    with writing_to(place, AUTHOR) as connection:
        connection.execute(text("UPDATE schema_author SET version_num = '9999'"))
    for command in ("check", "upgrade"):
        assert isinstance(run(command, "--config", str(gateway)).exception, DatabaseForeign)


def test_a_server_that_is_away_is_told_without_its_address(tmp_path: Path) -> None:
    """H-23, H-16."""
    file = keeper(tmp_path, f"postgresql://consentry:secret@/receipts?host={tmp_path}")
    for command in ("check", "upgrade"):
        problem = run(command, "--config", str(file)).exception
        assert isinstance(problem, ConsentryError)
        assert problem.diagnostics == "the database receipts failed: OperationalError"


def keeper(folder: Path, database: str) -> Path:
    file = folder / "keeper.json"
    KeeperConfig(
        "127.0.0.1", 1, "http://127.0.0.1:1", "d.json", database, "k", StoreConfig("embedded", str(folder))
    ).write(file)
    return file


def test_a_role_that_may_only_write_works_with_tables_that_another_one_made(postgres: Postgres) -> None:
    """H-23: it hears what to do where there are none, and needs no more than docs/postgresql.md says."""
    url, role = postgres.database(), f"r{secrets.token_hex(4)}"
    postgres.say(f"CREATE ROLE {role} LOGIN")
    with pytest.raises(DatabaseOutdated, match="no tables"):
        GatewayStore(url.set(username=role))
    GatewayStore(url).database.close()
    for statement in (
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    ):
        postgres.say(statement, str(url.database))
    desk = GatewayStore(url.set(username=role))
    made = link()
    assert desk.link(made) == made
    trail, one = SqlAuditTrail(desk.database), row(b"k" * 16)
    trail.append([one], expired=0)
    assert trail.get(one.event_id, ()) == one.sealed
    desk.database.close()

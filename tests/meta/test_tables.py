"""Tables change by migrations: the models must not run ahead of them (H-18). Both databases: tests/app/databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from consentry.databases import upgrading
from consentry.databases.schema import Schema
from tests.app.databases.test_migrations import SCHEMAS, differences, writing_to


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda one: one.name)
def test_each_table_has_its_migration(schema: Schema, tmp_path: Path) -> None:
    """H-18: else write one in `databases/migrations/<name>`, and its revision as the schema's head."""
    with writing_to(tmp_path / "empty.sqlite", schema) as connection:
        upgrading.upgrade(connection, schema, None)
        assert differences(connection, schema) == []
    assert upgrading.scripts(schema).get_heads() == [schema.head]

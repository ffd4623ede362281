"""What Alembic runs: on the connection that `upgrading` hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

schema = context.config.attributes["schema"]
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.metadata,
    version_table=schema.notes,
)
with context.begin_transaction():
    context.run_migrations()

"""Under which request id a receipt was filed. What was filed before has none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    known = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("receipts")}
    if "request_id" not in known:
        op.add_column("receipts", sa.Column("request_id", sa.Text()))

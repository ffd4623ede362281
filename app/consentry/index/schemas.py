"""The schemas of a gateway: its index, its author's book, its desk with the audit trail, and what it has under way on the chain,
which keepers have too.

A change of tables is a migration in `databases/migrations/<name>`, and its revision here; a test compares both.
"""

from __future__ import annotations

from consentry.databases.schema import Schema
from consentry.index import audit_tables, author_tables, sending_tables, tables

BEFORE, NOTED = "0001", "0002"
"""The tables of release 0.1.0, and those that were there when revisions were first noted."""

INDEX = Schema("index", tables.metadata, NOTED, 4, {1: BEFORE, 2: BEFORE, 3: BEFORE, 4: NOTED})
"""Can be filled anew from the chain and the store: its migrations may drop what they find."""

AUTHOR = Schema("author", author_tables.metadata, NOTED, 1, {1: BEFORE})
DESK = Schema("desk", audit_tables.audit_events.metadata, "0004", 1, {1: BEFORE})
SENDINGS = Schema("sendings", sending_tables.metadata, "0001", 1)

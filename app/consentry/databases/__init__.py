"""Where books and indexes are kept: SQLite files or PostgreSQL, their schemas and migrations."""

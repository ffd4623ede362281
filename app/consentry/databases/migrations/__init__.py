"""Migrations of the databases, one folder a book."""

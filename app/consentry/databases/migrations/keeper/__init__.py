"""Migrations of one book, oldest first."""

"""Migrations of what is under way on the chain."""

"""Names that go into paths and headers: checked before anything is sent."""

from __future__ import annotations

import re

from consentry.cli.problems import CommandInvalid

_OPAQUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_IDENTIFIER = re.compile(r"0x[0-9a-f]{64}")


def opaque(text: str, what: str) -> str:
    """A gateway's reference to a patient. Raises CommandInvalid."""
    if not _OPAQUE.fullmatch(text):
        raise CommandInvalid(f"{what} is a reference of letters, digits, dots and dashes")
    return text


def consent_id(text: str) -> str:
    """A whole consent id: 0x and 64 hex digits, as lower case. Raises CommandInvalid."""
    lower = text.lower()
    if not _IDENTIFIER.fullmatch(lower):
        raise CommandInvalid(
            "give the whole consent id, 0x and 64 hex digits; `consent show` and `consent sign --json` print it"
        )
    return lower


def opening_id(text: str) -> str:
    """A whole opening id: 0x and 64 hex digits, as lower case. Raises CommandInvalid."""
    lower = text.lower()
    if not _IDENTIFIER.fullmatch(lower):
        raise CommandInvalid(
            "give the whole id of the opening, 0x and 64 hex digits; `emergency open` and `emergency list` print it"
        )
    return lower

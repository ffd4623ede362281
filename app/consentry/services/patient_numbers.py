"""A member's patient numbers (MRN), however they were typed, and what is stored in their place (specification G-4)."""

from __future__ import annotations

import hmac
import unicodedata

from consentry.errors import LayoutInvalid

MAX_MRN = 128


def number_of(text: object) -> str:
    """Raises LayoutInvalid."""
    number = clean_number(text)
    if number is None:
        raise LayoutInvalid("mrn: must be 1 to 128 printable characters", expression=("mrn",))
    return number


def clean_number(text: object) -> str | None:
    """One form of a number however it was typed, or None for what can't be one."""
    number = unicodedata.normalize("NFC", text).strip() if isinstance(text, str) else ""
    return number if 0 < len(number) <= MAX_MRN and number.isprintable() else None


def number_digest(number: str, key: bytes) -> bytes:
    """The HMAC by which a clean number is filed; `key`: 32 bytes."""
    return hmac.digest(key, b"consentry/link/mrn\0" + number.encode("utf-8"), "sha256")

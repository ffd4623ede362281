"""Strict readers of single fields.

Each raises LayoutInvalid that names the field and never repeats its value.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Collection, Iterable
from enum import StrEnum
from functools import cache
from typing import Any, NoReturn

from consentry.domain import canonical
from consentry.domain.addresses import Address
from consentry.errors import LayoutInvalid

MAX_NAME_BYTES = 100
"""As MemberRegistry takes them."""

_BREAKS = frozenset(("Cc", "Cs", "Zl", "Zp"))
"""Control characters, halves of characters, separators of lines and paragraphs."""
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""The Unicode property Bidi_Control (UAX #9)."""
_ADDRESS = re.compile(r"0x[0-9a-f]{40}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


def refuse(where: str, must: str) -> NoReturn:
    """Raise LayoutInvalid: the field `where` must …"""
    raise LayoutInvalid(f"{where}: must {must}", expression=(where,))


def exact(obj: Any, keys: Iterable[str], where: str) -> dict[str, Any]:
    """`obj` as an object with exactly these keys; bytes are read as canonical JSON first."""
    if isinstance(obj, bytes):
        obj = canonical.loads(obj, where)
    if not isinstance(obj, dict):
        refuse(where, "be an object")
    expected = set(keys)
    if obj.keys() != expected:
        for key in sorted(expected - obj.keys()):
            refuse(f"{where}.{key}", "be present")
        refuse(where, "have no other fields than the specification names")
    return obj


def array(value: Any, where: str, low: int, high: int) -> list[Any]:
    """A list of `low` to `high` items."""
    if not isinstance(value, list) or not low <= len(value) <= high:
        refuse(where, f"be an array of {low} to {high} items")
    return value


def integer(value: Any, where: str, low: int = 0, high: int = canonical.MAX_INTEGER) -> int:
    """An integer within bounds; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        refuse(where, f"be an integer from {low} to {high}")
    return value


def hex_bytes(value: Any, where: str, low: int = 32, high: int | None = None) -> bytes:
    """Bytes from `0x` and lower-case hex, `low` bytes (to `high`)."""
    most = low if high is None else high
    if isinstance(value, str) and 2 + 2 * low <= len(value) <= 2 + 2 * most:
        try:
            raw = bytes.fromhex(value[2:])
        except ValueError:
            raw = b""
        if "0x" + raw.hex() == value:  # `fromhex` takes capitals and white space as well
            return raw
    refuse(where, f"be 0x and lower-case hex of {_span(low, most)} bytes")


def base64_bytes(value: Any, where: str, low: int, high: int | None = None) -> bytes:
    """Bytes from padded standard base64 in its one canonical form, `low` bytes (to `high`)."""
    most = low if high is None else high
    raw = b""
    try:
        if isinstance(value, str) and len(value) <= 4 * (most // 3 + 1):
            raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        refuse(where, "be base64")
    if not low <= len(raw) <= most or to_base64(raw) != value:
        refuse(where, f"be base64 of {_span(low, most)} bytes")
    return raw


def raw_bytes(value: Any, where: str, low: int = 32, high: int | None = None) -> bytes:
    """A bytes value of the right length."""
    most = low if high is None else high
    if not isinstance(value, bytes) or not low <= len(value) <= most:
        refuse(where, f"be {_span(low, most)} bytes")
    return value


def address(value: Any, where: str) -> Address:
    """An address in lower case."""
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        refuse(where, "be an address in lower case")
    return Address(value)


def optional_address(value: Any, where: str) -> Address | None:
    """An address in lower case, or null."""
    return None if value is None else address(value, where)


def code(value: Any, where: str) -> str:
    """A short ASCII code, 1 to 32 characters (fits a bytes32 on chain)."""
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        refuse(where, "be a code of 1 to 32 letters, digits, dots, dashes or underscores")
    return value


def member_of(value: Any, allowed: Collection[str] | type[StrEnum], where: str) -> str:
    """A word of a closed list."""
    words = _words(allowed) if isinstance(allowed, type) else allowed
    if not isinstance(value, str) or value not in words:
        refuse(where, "be one of the words that the specification lists")
    return value


@cache
def _words(of: type[StrEnum]) -> frozenset[str]:
    return frozenset(of)


def is_name(value: Any) -> bool:
    """Whether a patient can read text as a name: printable, NFC, single plain spaces, no bidi controls.

    "any" is no name: in terms it means everybody.
    """
    if not isinstance(value, str) or not 1 <= len(value.encode("utf-8", "surrogatepass")) <= MAX_NAME_BYTES:
        return False
    if value == "any" or value != " ".join(value.split()) or not unicodedata.is_normalized("NFC", value):
        return False
    return all(sign == " " or unicodedata.category(sign)[0] not in "CZ" for sign in value)


def is_plain(text: str) -> bool:
    """Whether text is one line that shows as it was written: no control characters, line breaks or bidi controls. Joiners are
    letters' own, in Persian and in emoji."""
    return all(unicodedata.category(sign) not in _BREAKS and sign not in _BIDI_CONTROLS for sign in text)


def name(value: Any, where: str) -> str:
    """A name fit to be shown (see is_name)."""
    if not is_name(value):
        refuse(where, f"be 1 to {MAX_NAME_BYTES} bytes of printable text without control characters")
    return str(value)


def to_hex(raw: bytes) -> str:
    """`0x` and lower-case hex."""
    return "0x" + raw.hex()


def to_base64(raw: bytes) -> str:
    """Padded standard base64."""
    return base64.b64encode(raw).decode("ascii")


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"

"""Reading what a gateway says: failures become typed errors with the same code, texts lose what could steer a terminal."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from consentry.cli.problems import GatewayMisbehaved, GatewayUnreachable
from consentry.errors import (
    ConsentryError,
    InputError,
    IntegrityError,
    RefusedError,
    UnavailableError,
    by_code,
    told,
)

MAX_TEXT = 1000
# control, format (bidi), surrogate, private, unassigned; separators of lines and paragraphs
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_SLUG = re.compile(r"[a-z][a-z0-9-]{1,48}")


def clean(text: object, limit: int = MAX_TEXT) -> str:
    """Text from elsewhere as one printable line: no control, bidi or escape characters."""
    shown = "".join(" " if sign.isspace() else sign for sign in str(text)[:limit])
    return "".join(sign for sign in shown if unicodedata.category(sign)[0] != "C").strip()


def json_text(value: object) -> str:
    """JSON that cannot steer a terminal: what `clean` would take away is written as an escape."""
    return unsteered(json.dumps(value, indent=2, ensure_ascii=False))


def unsteered(text: str) -> str:
    """The same JSON, with escapes for control, bidi and other unseen characters in its strings."""
    return "".join(_escaped(sign) for sign in text.replace("\r", "\n"))


def _escaped(sign: str) -> str:
    if sign in "\n\t" or unicodedata.category(sign) not in _UNSEEN:
        return sign
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else json.dumps(sign)[1:-1]


def said(status: int, raw: bytes) -> ConsentryError:
    """The error that a gateway's answer of `status` 400 to 599 tells of (RFC 9457, OperationOutcome, RFC 6749 §5.2)."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        body = None
    code, detail, step, expression = _fields(body if isinstance(body, dict) else {})
    if code is None:
        if status >= 500:
            return GatewayUnreachable(f"it answers HTTP {status} without saying why")
        return GatewayMisbehaved(f"it answers HTTP {status} without saying why")
    known = by_code().get(code)
    if known is None:
        known = type("GatewaySaid", (_base(status),), {"code": code, "status": status})
        if step:
            known.next_step = step
    # an OperationOutcome has no field of its own for the next step
    detail = detail.removesuffix(known.next_step).rstrip()
    return told(known, detail, expression=expression)


def _fields(body: Mapping[str, Any]) -> tuple[str | None, str, str, tuple[str, ...]]:
    """Code, detail, next step, expressions; no code when the body is none of the three forms."""
    if body.get("resourceType") == "OperationOutcome":
        issue = _first(body.get("issue"))
        details = issue.get("details")
        coding = _first(details.get("coding") if isinstance(details, dict) else None)
        named = issue.get("expression")
        expression = tuple(clean(one, 200) for one in named[:20]) if isinstance(named, list) else ()
        return _slug(coding.get("code")), clean(issue.get("diagnostics") or ""), "", expression
    if isinstance(body.get("error"), str):
        # our gateways put the code before what they say
        slug, _, detail = str(body.get("error_description") or "").partition(": ")
        return _slug(slug), clean(detail), "", ()
    detail = clean(body.get("detail") or body.get("title") or "")
    return _slug(body.get("code")), detail, clean(body.get("nextStep") or ""), ()


def _first(items: Any) -> dict[str, Any]:
    return items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}


def _slug(value: Any) -> str | None:
    return value if isinstance(value, str) and _SLUG.fullmatch(value) else None


def _base(status: int) -> type[ConsentryError]:
    if status in (401, 403):
        return RefusedError
    if status < 500:
        return InputError
    return IntegrityError if status == 502 else UnavailableError

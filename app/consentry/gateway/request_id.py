"""Every request has an id, the caller's own if it is a plain one: in the answer, in errors and in the log."""

from __future__ import annotations

import re
import secrets

from flask import g, has_request_context, request

HEADER = "X-Request-Id"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def new_id() -> str:
    return secrets.token_hex(8)


def request_id() -> str:
    if not has_request_context():
        return new_id()
    if "request_id" not in g:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _PLAIN.fullmatch(given) else new_id()
    return str(g.request_id)
